/** Drops an enum type, which no column may be of any more. */
export interface DropEnum {
  readonly name: string
}
