/**
 * A database schema as plain JSON data. The same types carry two spellings of one thing:
 * what a database says (`reflect`: types and defaults as `{ sql }`), and what a person writes
 * in a revision (neutral types, literal defaults).
 */

export interface Schema {
  /** By name; one of another schema than the connection's own is named `schema.table`, as by foreign keys ({@link splitName}). */
  readonly tables: Readonly<Record<string, Table>>
  /** By name, as tables are. */
  readonly views?: Readonly<Record<string, View>>
  /** Enum types that are objects of their own, by name, as tables are. */
  readonly enums?: Readonly<Record<string, EnumType>>
  /** Beside the connection's own; sorted. */
  readonly schemas?: readonly string[]
  /** Objects that are seen but not compared or changed (functions, policies, …), for reports. */
  readonly others?: readonly OtherObject[]
}

export interface OtherObject {
  readonly kind: string
  readonly name: string
  /** Of one that entities want. */
  readonly making?: OtherMaking
}

/** No operation stands for it: statements make it and take it back. */
export interface OtherMaking {
  /** Whose it is. */
  readonly table: string
  readonly create: string
  readonly drop: string
}

export interface View {
  readonly name: string
  /** The query, without what ends it. */
  readonly definition: string
  /** PostgreSQL: its rows are kept until it is refreshed. */
  readonly materialized?: boolean
  /** Of a materialized one. */
  readonly indexes?: readonly Index[]
  /** `instead of` triggers. */
  readonly triggers?: readonly Trigger[]
  readonly comment?: string
  /** What else the database says of it, each word by itself: `security_invoker=true`. */
  readonly options?: readonly string[]
  /** What the database says its columns are; never compared or written. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[]
}

export interface EnumType {
  readonly name: string
  /** In the order by which they sort. */
  readonly items: readonly string[]
}

export interface Trigger {
  readonly name: string
  readonly timing: 'before' | 'after' | 'instead of'
  /** Sorted; MySQL and MariaDB take one. */
  readonly events: readonly TriggerEvent[]
  /** Of an `update`: only where one of these columns is written. */
  readonly columns?: readonly string[]
  /** Default `row`. */
  readonly forEach?: 'row' | 'statement'
  readonly when?: string
  /** Statements. On PostgreSQL the body of a function in plpgsql that the trigger has for itself, named `<table>_<trigger>_fn`. */
  readonly body?: string
  /** PostgreSQL, instead of a body: the call of a function that is there: `touch_row()`. */
  readonly execute?: string
  /** PostgreSQL: under which names a statement's rows are seen: `old table as gone new table as come`. */
  readonly referencing?: string
  /** PostgreSQL: it is a constraint trigger. */
  readonly constraint?: 'not deferrable' | Deferrable
  /** PostgreSQL: where it fires, when not where changes begin, as by default. */
  readonly enabled?: 'never' | 'on replica' | 'always'
}

export type TriggerEvent = 'insert' | 'update' | 'delete' | 'truncate'

export interface Table {
  readonly name: string
  /** In the order of the table. */
  readonly columns: readonly Column[]
  readonly primaryKey?: PrimaryKey
  readonly uniques?: readonly UniqueConstraint[]
  readonly indexes?: readonly Index[]
  readonly foreignKeys?: readonly ForeignKey[]
  readonly checks?: readonly Check[]
  /** Sorted by name. */
  readonly triggers?: readonly Trigger[]
  readonly comment?: string
  /**
   * What else the database says of the whole table, each word by itself: `strict`, `engine=MyISAM`. Written with the table; no
   * operation changes it.
   */
  readonly options?: readonly string[]
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
  /**
   * What else the database says after the type, as it is written: MariaDB's `on update current_timestamp`, PostgreSQL's
   * `generated always as identity (increment by 5)`, and of a column that auto-increments `increment by 5`.
   */
  readonly extra?: string
}

export interface PrimaryKey extends KeyParts {
  readonly name?: string
  readonly columns: readonly string[]
}

export interface KeyParts {
  /** The columns again, in the same order, where more than its name is said of one (order, collation, length). */
  readonly parts?: readonly IndexColumn[]
  readonly deferrable?: Deferrable
  /** PostgreSQL: columns that its index holds beside. */
  readonly include?: readonly string[]
  /** PostgreSQL 18: the last column is a period, `without overlaps`. */
  readonly period?: boolean
  /** What else the database says at the end (SQLite's `on conflict replace`, PostgreSQL's `with (fillfactor=70)`), as it is written. */
  readonly extra?: string
}

/** Without a name: the database made it up (`unique` inside SQLite's create table). */
export interface UniqueConstraint extends KeyParts {
  readonly name?: string
  readonly columns: readonly string[]
  /** PostgreSQL 15: two nulls are alike. */
  readonly nullsNotDistinct?: boolean
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
  /** PostgreSQL 15: two nulls are alike. */
  readonly nullsNotDistinct?: boolean
  /** PostgreSQL: left by a build that failed; it serves no query. Never written. */
  readonly invalid?: boolean
  /** What else the database says at the end (MySQL's `invisible`, PostgreSQL's `with (fillfactor=70)`), as it is written. */
  readonly extra?: string
}

export type IndexColumn = string | IndexPart
export type IndexPart = (Sql | { readonly column: string }) & {
  readonly order?: 'desc'
  readonly nulls?: 'first' | 'last'
  readonly collation?: string
  /** With its parameters: `gist_trgm_ops (siglen='32')`. */
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
  /** PostgreSQL 15: which of the columns `set null` or `set default` writes; left out: all. */
  readonly onDeleteColumns?: readonly string[]
  /** PostgreSQL: all columns are null, or none. */
  readonly match?: 'full'
  /** PostgreSQL 18: the last column is a period. */
  readonly period?: boolean
  readonly deferrable?: Deferrable
  /** PostgreSQL: rows that were there before are not checked yet. */
  readonly notValid?: boolean
  /** What else the database says at the end (PostgreSQL's `not enforced`), as it is written. */
  readonly extra?: string
}

export interface Check {
  readonly name?: string
  /** The column that it is written beside, when it is (an enum's values). */
  readonly column?: string
  /** SQL text, or the values that `column` may take. */
  readonly expression: string | { readonly in: readonly string[] }
  /** What else the database says at the end (`not enforced`, PostgreSQL's `no inherit`), as it is written. */
  readonly extra?: string
  /** PostgreSQL: rows that were there before are not checked yet. */
  readonly notValid?: boolean
}

export const emptySchema: Schema = { tables: {} }

/** The table of that name; a table may be called as what every object has: `constructor`. */
export function tableNamed(schema: Schema, name: string): Table | undefined {
  return Object.hasOwn(schema.tables, name) ? schema.tables[name] : undefined
}

export function viewNamed({ views = {} }: Schema, name: string): View | undefined {
  return Object.hasOwn(views, name) ? views[name] : undefined
}

export function enumNamed({ enums = {} }: Schema, name: string): EnumType | undefined {
  return Object.hasOwn(enums, name) ? enums[name] : undefined
}
