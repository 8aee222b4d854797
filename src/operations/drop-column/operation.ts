/** Drops a column with its values, and the keys, indexes and checks that it is part of. A trigger that names it is to be dropped before. */
export interface DropColumn {
  readonly table: string
  readonly column: string
}
