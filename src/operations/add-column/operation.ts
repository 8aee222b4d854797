import type { Column } from '../../schema/schema.ts'

/** Adds a column, behind those that are there. */
export interface AddColumn {
  readonly table: string
  readonly column: Column
}
