import type { Table } from '../../schema/schema.ts'

/** Makes a table with all that belongs to it. */
export interface CreateTable {
  readonly table: Table
}
