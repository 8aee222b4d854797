/** Makes an enum type, where those are objects of their own. */
export interface CreateEnum {
  readonly name: string
  /** In the order by which they sort. */
  readonly items: readonly string[]
}
