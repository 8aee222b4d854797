/** Drops a table with its rows and all that belongs to it, its triggers among them. */
export interface DropTable {
  readonly table: string
}
