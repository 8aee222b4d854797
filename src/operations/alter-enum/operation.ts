/** Adds, removes, reorders and renames values of an enum type, all at once. */
export interface AlterEnum {
  readonly name: string
  /** All that it has afterwards, in their order. */
  readonly items: readonly string[]
  /** The new names of values, by the old ones: rows keep them. */
  readonly renamed?: Readonly<Record<string, string>>
}
