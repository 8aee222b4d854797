import type {
  Check,
  Column,
  DefaultValue,
  ForeignKey,
  Index,
  PrimaryKey,
  Table,
  UniqueConstraint,
} from '../schema/schema.ts'

/** One schema change, as plain JSON data. */
export type Operation =
  | { readonly kind: 'createTable'; readonly table: Table }
  | { readonly kind: 'dropTable'; readonly table: string }
  | { readonly kind: 'renameTable'; readonly table: string; readonly to: string }
  | { readonly kind: 'addColumn'; readonly table: string; readonly column: Column }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'alterColumn'
      readonly table: string
      readonly column: string
      readonly change: ColumnChange
    }
  | {
      readonly kind: 'renameColumn'
      readonly table: string
      readonly column: string
      readonly to: string
    }
  | ({ readonly kind: 'createIndex'; readonly table: string; readonly index: Index } & Concurrently)
  | ({ readonly kind: 'dropIndex'; readonly table: string; readonly index: string } & Concurrently)
  | {
      readonly kind: 'createPrimaryKey'
      readonly table: string
      readonly primaryKey: PrimaryKey
    }
  | {
      readonly kind: 'createUniqueConstraint'
      readonly table: string
      readonly unique: UniqueConstraint
    }
  | {
      readonly kind: 'createForeignKey'
      readonly table: string
      readonly foreignKey: ForeignKey
    }
  | { readonly kind: 'createCheckConstraint'; readonly table: string; readonly check: Check }
  | ({ readonly kind: 'dropConstraint'; readonly table: string } & ConstraintRef)
  | { readonly kind: 'execute'; readonly sql: string }

/** PostgreSQL: without keeping others from writing to the table; elsewhere ignored. */
export interface Concurrently {
  readonly concurrently?: boolean | undefined
}

export type OperationKind = Operation['kind']
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

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

export type ConstraintType = 'primary' | 'unique' | 'foreignKey' | 'check'

/**
 * Names a constraint. One that the database gave no name is meant by what it holds:
 * its columns (primary, unique, foreignKey) or its expression (check).
 */
export interface ConstraintRef {
  readonly type: ConstraintType
  readonly name?: string
  readonly columns?: readonly string[]
  readonly expression?: Check['expression']
}
