import type { Column, DefaultValue } from '../../schema/schema.ts'

/** Changes properties of a column. */
export interface AlterColumn {
  readonly table: string
  readonly column: string
  readonly change: ColumnChange
}

/**
 * What to change of a column; a property left out stays. A new `type` takes its own `length`, `precision`,
 * `scale`, `items` and `unsigned` from here alone. `null` removes.
 */
export interface ColumnChange {
  readonly type?: Column['type']
  readonly length?: number
  readonly precision?: number
  readonly scale?: number
  readonly items?: readonly string[]
  readonly unsigned?: boolean
  readonly nullable?: boolean
  readonly default?: DefaultValue | null
  readonly autoincrement?: boolean
  readonly generated?: Column['generated'] | null
  readonly collation?: string | null
  readonly comment?: string | null
  readonly extra?: string | null
  /** PostgreSQL: the expression that makes the new value when the type changes. */
  readonly using?: string
}
