/** Gives a table another name; all that belongs to it goes along, and what refers to it follows. */
export interface RenameTable {
  readonly table: string
  readonly to: string
}
