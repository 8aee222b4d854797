/** How MikroORM writes its schema for each database, where that decides what reaches the database. */
import type { AbstractSqlPlatform, DatabaseTable, IndexDef, Column as OrmColumn } from '@mikro-orm/sql'
import type { PlatformName } from './platform.ts'

export interface Writing {
  /** `enum('a','b')` is a type; elsewhere an enum is text with a check. */
  readonly enumType: boolean
  readonly comments: boolean
  /** Tables, views and types stand in schemas. */
  readonly schemas: boolean
  /** What a trigger is: the call of a function of its own, for any events; or statements, for one event. */
  readonly triggers: 'function' | 'statements'
  /** A trigger takes a condition; elsewhere its statements stand in an `if`. */
  readonly triggerConditions: boolean
  /** Views can have triggers. */
  readonly viewTriggers: boolean
  /** A backslash in a string literal means something. */
  readonly backslashEscapes: boolean
  /** A generated column is nullable whatever the entity says. */
  readonly generatedNullable: boolean
  /** MikroORM says of a generated column whether it takes nulls, which the database refuses to read. */
  readonly generatedRefusesNull?: true
  /** The first check of one column stands beside it, without its name. */
  readonly checksBesideColumns: boolean
  /** A unique constraint is made by `add constraint`; elsewhere it is a unique index like any other. */
  readonly uniqueConstraints: boolean
  /** Access methods, included columns and `nulls first` of indexes are written. */
  readonly indexOptions: boolean
  /** How a full text index is written: as an access method, as SQL of its own, or as any index. */
  readonly fulltext?: 'method' | 'expression'
  /** A partial index is written as it is, or as an expression that stands for one. */
  readonly partialIndexes?: 'expression'
  /** How many leading characters of a column an index takes. */
  readonly prefixLengths: boolean
  /** `auto_increment unique` on a column that is not the primary key. */
  readonly autoincrementUnique: boolean
  /** A column counts only where its type says so (`serial`): not a `smallint`, nor part of a key. */
  readonly serial: boolean
  /** What stands at the end of `create index`. */
  readonly indexExtra: (index: IndexDef) => string | undefined
  /** The type as it stands in `create table`. */
  readonly type: (column: OrmColumn, table: DatabaseTable, platform: AbstractSqlPlatform) => string
}

const mysql: Writing = {
  enumType: true,
  comments: true,
  schemas: false,
  triggers: 'statements',
  triggerConditions: false,
  viewTriggers: false,
  backslashEscapes: true,
  generatedNullable: true,
  checksBesideColumns: false,
  uniqueConstraints: false,
  indexOptions: false,
  fulltext: 'method',
  partialIndexes: 'expression',
  prefixLengths: true,
  autoincrementUnique: true,
  serial: false,
  indexExtra: () => undefined,
  type: ({ type }) => type,
}

const postgresql: Writing = {
  enumType: false,
  comments: true,
  schemas: true,
  triggers: 'function',
  triggerConditions: true,
  viewTriggers: true,
  backslashEscapes: false,
  generatedNullable: false,
  checksBesideColumns: false,
  uniqueConstraints: true,
  indexOptions: true,
  fulltext: 'expression',
  prefixLengths: false,
  autoincrementUnique: false,
  serial: true,
  indexExtra: ({ fillFactor }) => (fillFactor === undefined ? undefined : `with (fillfactor=${fillFactor})`),
  type: ({ type, autoincrement, generated, mappedType }, table, platform) =>
    autoincrement && !generated && !table.getPrimaryKey()?.composite
      ? // The type asks for nothing else of the property.
        mappedType.getColumnType({ autoincrement: true } as never, platform)
      : type,
}

export const writings: Record<PlatformName, Writing> = {
  sqlite: {
    enumType: false,
    comments: false,
    schemas: false,
    triggers: 'statements',
    triggerConditions: true,
    viewTriggers: true,
    backslashEscapes: false,
    generatedNullable: true,
    checksBesideColumns: true,
    uniqueConstraints: false,
    indexOptions: false,
    prefixLengths: false,
    autoincrementUnique: false,
    serial: false,
    indexExtra: () => undefined,
    // MikroORM writes `integer` for a big key that counts, and so does the dialect: `bigint` is what it is elsewhere.
    type: ({ type }) => type,
  },
  postgresql,
  pglite: postgresql,
  mysql,
  mariadb: { ...mysql, generatedRefusesNull: true },
}
