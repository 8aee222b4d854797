/** Scenarios that Alembic 1.19.2's autogenerate was recorded with (test/fixtures/autogenerate), as entities. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Entities, Reasons, Scenario, Scenarios } from '../scenario.ts'
import { noComments, onlyPostgres } from './reasons.ts'

interface RecordedColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly default?: { readonly sql?: string; readonly value?: string }
  readonly comment?: string
  readonly computed?: string
  readonly identity?: { readonly always: boolean; readonly increment?: number }
}

interface RecordedTable {
  readonly name: string
  readonly schema?: string
  readonly comment?: string
  readonly columns: readonly RecordedColumn[]
  readonly primary_key: readonly string[]
  readonly uniques?: readonly { readonly name: string | null; readonly columns: readonly string[] }[]
  readonly indexes?: readonly {
    readonly name: string
    readonly columns?: readonly string[]
    readonly expressions?: readonly string[]
    readonly using?: string
  }[]
  readonly foreign_keys?: readonly {
    readonly name: string | null
    readonly columns: readonly string[]
    readonly ref_table: string
    readonly deferrable?: boolean
  }[]
  readonly checks?: readonly { readonly name: string | null; readonly expr: string }[]
}

interface Recorded {
  readonly name: string
  readonly before: { readonly tables: readonly RecordedTable[]; readonly sql?: readonly string[] }
  readonly after: { readonly tables: readonly RecordedTable[] }
}

/** Which tables of the database no entity ever named. */
const others: Readonly<Record<string, readonly string[]>> = {
  unknown_table_in_db: ['legacy'],
  version_table_ignored: ['alembic_version'],
}

const kinds: Readonly<Record<string, string>> = {
  int: 'p.integer()',
  bigint: 'p.bigint()',
  smallint: 'p.smallint()',
  text: 'p.text()',
  bool: 'p.boolean()',
  float: 'p.float()',
  double: 'p.double()',
  date: 'p.date()',
  time: 'p.time()',
  timestamp: "p.datetime().columnType('timestamp')",
  timestamptz: 'p.datetime()',
  json: "p.json().columnType('json')",
  jsonb: 'p.json()',
  uuid: 'p.uuid()',
  bytea: 'p.blob()',
  interval: "p.string().columnType('interval')",
  'int[]': "p.array().columnType('int[]')",
}

const only = onlyPostgres('it holds what only PostgreSQL has')

/** What is not as a plain change of entities is. */
const more: Readonly<Record<string, Partial<Scenario>>> = {
  add_column_not_null_without_default: { not: onEvery('its rows have no value: hints.test.ts has it') },
  type_json_to_jsonb: { not: only },
  types_no_false_positive: { not: only, operations: [] },
  server_default_same_value_other_spelling: { respelled: true },
  index_using_gin: { not: only },
  fk_deferrable_change: {
    not: { mariadb: 'MariaDB has no deferred keys', mysql: 'MySQL has no deferred keys' },
  },
  index_expression_added: {
    not: { mariadb: 'MariaDB has no index of expressions', mysql: 'it quotes otherwise' },
  },
  table_comment_add: { unseen: noComments },
  column_comment_add: { unseen: noComments },
  enum_new_column: { not: only },
  enum_column_dropped: { not: only },
  identity_change: { not: only },
  schema_new_table: { not: only },
  schema_table_moved: { not: only },
  exclude_constraint_in_db: {
    not: only,
    outside: ['alter table users$ add constraint ex1$ exclude using btree (name with =)'],
    unmanaged: ['check users$.ex1$'],
    operations: [],
  },
  unknown_table_in_db: { unmanaged: ['table legacy$'], operations: [] },
  version_table_ignored: { unmanaged: ['table alembic_version$'], operations: [] },
  index_rename: { renames: ['users$.ix_old$:ix_new$'] },
  type_varchar_to_text: { unseen: { sqlite: 'SQLite keeps no lengths' } },
  type_numeric_precision: {},
}

function onEvery(reason: string): Reasons {
  return { sqlite: reason, postgresql: reason, mariadb: reason, mysql: reason, pglite: reason }
}

export const recorded: Scenarios = Object.fromEntries(
  read().map((each): [string, Scenario] => {
    const away = others[each.name] ?? []
    const of = (tables: readonly RecordedTable[]): Entities =>
      Object.fromEntries(
        tables
          .filter(({ name }) => !away.includes(name))
          .map((table) => [ownName(table.name), entity(table)]),
      )
    const outside = each.before.tables
      .filter(({ name }) => away.includes(name))
      .map(({ name }) => `create table ${name}$ (id int)`)
    return [
      `recorded: ${each.name}`,
      {
        before: of(each.before.tables),
        after: of(each.after.tables),
        ...(outside.length > 0 && { outside }),
        ...more[each.name],
      },
    ]
  }),
)

function read(): readonly Recorded[] {
  const file = path.join(import.meta.dirname, '../../fixtures/autogenerate/alembic.json')
  return JSON.parse(readFileSync(file, 'utf8')).scenarios
}

function ownName(name: string): string {
  return `${name}$`
}

function entity(table: RecordedTable): readonly [string, string] {
  const held = new Map(table.foreign_keys?.map((key) => [key.columns.join(), key]))
  const composite = (table.foreign_keys ?? []).filter(({ columns }) => columns.length > 1)
  const inComposite = composite.flatMap(({ columns }) => columns)
  const properties = [
    ...table.columns
      .filter(({ name }) => !inComposite.includes(name))
      .map((column) => {
        const key = held.get(column.name)
        const isKey = table.primary_key.includes(column.name)
        const base = key ? relation(key, [column.name]) : property(column)
        return `${column.name}: ${base}${isKey ? '.primary()' : ''}${column.nullable ? '.nullable()' : ''}`
      }),
    ...composite.map((key) => {
      const isNullable = table.columns.some(({ name, nullable }) => key.columns.includes(name) && nullable)
      return `${key.ref_table}: ${relation(key, key.columns)}${isNullable ? '.nullable()' : ''}`
    }),
  ]
  const text = JSON.stringify
  const options = [
    ...(table.schema === undefined ? [] : [`schema: '${table.schema}$'`]),
    ...(table.comment === undefined ? [] : [`comment: ${text(table.comment)}`]),
    list('uniques', table.uniques, ({ name, columns }) => named(name, `properties: ${text(columns)}`)),
    list('indexes', table.indexes, ({ name, columns, expressions, using }) =>
      expressions
        ? named(name, `expression: 'create index ${name}$ on ${table.name}$ (${expressions.join(', ')})'`)
        : named(name, `properties: ${text(columns)}${using === undefined ? '' : `, type: '${using}'`}`),
    ),
    list('checks', table.checks, ({ name, expr }) => named(name, `expression: ${text(expr)}`)),
  ]
  return [properties.join(', '), options.filter((option) => option !== '').join(', ')]
}

function list<T>(name: string, values: readonly T[] = [], write: (value: T) => string): string {
  return values.length === 0 ? '' : `${name}: [${values.map(write).join(', ')}]`
}

function named(name: string | null, rest: string): string {
  return `{ ${name === null ? '' : `name: '${name}$', `}${rest} }`
}

function relation(
  { name, ref_table: target, deferrable }: NonNullable<RecordedTable['foreign_keys']>[number],
  columns: readonly string[],
): string {
  const joined = columns.map((column) => `'${column}'`).join(', ')
  return [
    `() => p.manyToOne(${target}$).${columns.length > 1 ? 'joinColumns' : 'name'}(${joined})`,
    ...(name === null ? [] : [`foreignKeyName('${name}$')`]),
    ...(deferrable ? ["deferMode('deferred')"] : []),
    "deleteRule('no action')",
    "updateRule('no action')",
  ].join('.')
}

function property({ name, type, default: value, comment, computed, identity }: RecordedColumn): string {
  return [
    kind(type),
    ...(name === name.toLowerCase() ? [] : [`name('${name}')`]),
    ...(value?.sql === undefined
      ? []
      : [`defaultRaw(${JSON.stringify(value.sql === 'now()' ? 'current_timestamp' : `(${value.sql})`)})`]),
    ...(value?.value === undefined ? [] : [`default(${literal(type, value.value)})`]),
    ...(comment === undefined ? [] : [`comment(${JSON.stringify(comment)})`]),
    ...(computed === undefined ? [] : [`generated('(${computed}) stored')`]),
    ...(identity === undefined
      ? []
      : [
          `columnType('int generated ${identity.always ? 'always' : 'by default'} as identity${identity.increment === undefined ? '' : ` (increment by ${identity.increment})`}')`,
          'autoincrement(false)',
        ]),
  ].join('.')
}

function literal(type: string, value: string): string {
  return /^(?:int|bigint|smallint|bool|numeric|float|double)/.test(type) ? value : JSON.stringify(value)
}

function kind(type: string): string {
  const [, name = type, sizes = ''] = /^([^(]+)\((.*)\)$/.exec(type) ?? []
  if (name === 'string') return `p.string().length(${sizes})`
  if (name === 'char') return `p.character().length(${sizes})`
  if (name === 'numeric') {
    const [precision, scale] = sizes.split(',')
    return `p.decimal().precision(${precision}).scale(${scale})`
  }
  if (name.startsWith('enum:')) {
    const items = sizes.split(',').map((item) => `'${item}'`)
    return `p.enum([${items.join(', ')}]).nativeEnumName('${name.slice('enum:'.length)}$')`
  }
  return kinds[type] ?? `p.string().columnType('${type}')`
}
