/** Gives a column another name; keys, indexes, checks and generated columns follow. */
export interface RenameColumn {
  readonly table: string
  readonly column: string
  readonly to: string
}
