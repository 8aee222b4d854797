/** Gives an index another name; a unique constraint, where that is an index. */
export interface RenameIndex {
  readonly table: string
  readonly index: string
  readonly to: string
}
