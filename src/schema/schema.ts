/**
 * A database schema as plain JSON data. The same types carry two spellings of one thing:
 * what a database says (`reflect`: types and defaults as `{ sql }`), and what a person writes
 * in a revision (neutral types, literal defaults).
 */

export interface Schema {
  /** By name. */
  readonly tables: Readonly<Record<string, Table>>
  /** Objects that are seen but not compared or changed (views, triggers, …), for reports. */
  readonly others?: readonly { readonly kind: string; readonly name: string }[]
}

export interface Table {
  readonly name: string
  /** In the order of the table. */
  readonly columns: readonly Column[]
  readonly primaryKey?: PrimaryKey
  readonly uniques?: readonly UniqueConstraint[]
  readonly indexes?: readonly Index[]
  readonly foreignKeys?: readonly ForeignKey[]
  readonly checks?: readonly Check[]
  readonly comment?: string
  /**
   * The texts that made the table, where a dialect needs them to rebuild it without loss (SQLite):
   * `table` its create statement, `dependents` those of its indexes and triggers, `neighbours` those of tables and views that
   * its triggers name. Never compared.
   */
  readonly source?: {
    readonly table: string
    readonly dependents: readonly string[]
    readonly neighbours?: readonly string[]
  }
}

/** MikroORM's neutral names; each dialect maps them to its own. */
export const neutralTypes = [
  'string',
  'character',
  'text',
  'integer',
  'tinyint',
  'smallint',
  'mediumint',
  'bigint',
  'float',
  'double',
  'decimal',
  'boolean',
  'date',
  'time',
  'datetime',
  'json',
  'uuid',
  'blob',
  'enum',
] as const

export type NeutralType = (typeof neutralTypes)[number]

/** SQL text that is written as it is. */
export interface Sql {
  readonly sql: string
}

export type ColumnType = NeutralType | Sql

/** A literal, or an SQL expression. */
export type DefaultValue = string | number | boolean | Sql

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** Of `string` and `character` in characters (default 255 and 1); of `datetime` and `time` in digits of a second. */
  readonly length?: number
  /** Of `decimal`, in digits. */
  readonly precision?: number
  readonly scale?: number
  /** Of `enum`: its values. */
  readonly items?: readonly string[]
  /** MySQL and MariaDB only; elsewhere ignored. */
  readonly unsigned?: boolean
  /** Default false. */
  readonly nullable?: boolean
  readonly default?: DefaultValue
  readonly autoincrement?: boolean
  readonly generated?: { readonly expression: string; readonly stored: boolean }
  readonly collation?: string
  readonly comment?: string
  /** What else the database says after the type (MariaDB's `on update current_timestamp`), as it is written. */
  readonly extra?: string
}

export interface PrimaryKey {
  readonly name?: string
  readonly columns: readonly string[]
}

/** Without a name: the database made it up (`unique` inside SQLite's create table). */
export interface UniqueConstraint {
  readonly name?: string
  readonly columns: readonly string[]
  readonly deferrable?: Deferrable
}

export interface Index {
  readonly name: string
  /** Column names, or SQL expressions, in order. */
  readonly columns: readonly IndexColumn[]
  /** A unique index of plain columns is a {@link UniqueConstraint} where the database makes no difference (SQLite, MySQL, MariaDB). */
  readonly unique?: boolean
  /** A partial index's condition. */
  readonly where?: string
  /** Access method other than the database's default, lower case: `gin`, `hash`, `fulltext`. */
  readonly method?: string
  readonly include?: readonly string[]
}

export type IndexColumn = string | IndexPart
export type IndexPart = (Sql | { readonly column: string }) & {
  readonly order?: 'desc'
  readonly nulls?: 'first' | 'last'
  readonly collation?: string
  readonly operatorClass?: string
  /** MySQL, MariaDB: how many leading characters. */
  readonly length?: number
}

export type Rule = 'cascade' | 'set null' | 'set default' | 'restrict' | 'no action'
export type Deferrable = 'initially immediate' | 'initially deferred'

export interface ForeignKey {
  readonly name?: string
  readonly columns: readonly string[]
  readonly references: { readonly table: string; readonly columns: readonly string[] }
  /** Left out: `no action`. */
  readonly onDelete?: Exclude<Rule, 'no action'>
  readonly onUpdate?: Exclude<Rule, 'no action'>
  readonly deferrable?: Deferrable
}

export interface Check {
  readonly name?: string
  /** The column that it is written beside, when it is (an enum's values). */
  readonly column?: string
  /** SQL text, or the values that `column` may take. */
  readonly expression: string | { readonly in: readonly string[] }
}

export const emptySchema: Schema = { tables: {} }

/** The table of that name; a table may be called as what every object has: `constructor`. */
export function tableNamed(schema: Schema, name: string): Table | undefined {
  return Object.hasOwn(schema.tables, name) ? schema.tables[name] : undefined
}
