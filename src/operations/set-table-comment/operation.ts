/** Gives a table a comment, or takes the one away that it has. */
export interface SetTableComment {
  readonly table: string
  readonly comment: string | null
}
