import { expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import type { ColumnChange } from '../../../src/operations/alter-column/operation.ts'
import { apply } from '../../../src/operations/apply.ts'
import { inverse } from '../../../src/operations/inverse.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Schema } from '../../../src/schema/schema.ts'
import { carryOut, memory } from './support.ts'

const alter = (column: string, change: ColumnChange): Operation => ({
  kind: 'alterColumn',
  table: 't',
  column,
  change,
})
const drop: Operation = { kind: 'dropConstraint', table: 't', type: 'primary' }
const key = (...columns: readonly string[]): readonly Operation[] => [
  drop,
  { kind: 'createPrimaryKey', table: 't', primaryKey: { columns } },
]
const generated = (stored: boolean, expression = '"n" + 1') => ({ generated: { expression, stored } })

const id = 'id integer not null primary key'
const counting = 'id integer not null primary key autoincrement'

/** What the table is like, and what is done to it. */
type Case = readonly [string, string, readonly Operation[]]

test.each<Case>([
  ['a collation', id, [alter('a', { collation: 'nocase' })]],
  ['a generated column is stored', `${id}, g int as (n + 1)`, [alter('g', generated(true))]],
  ['a generated column is virtual', `${id}, g int as (n + 1) stored`, [alter('g', generated(false))]],
  ['an expression', `${id}, g int as (n + 1) stored`, [alter('g', generated(true, '"n" + 2'))]],
  ['a generated column is an ordinary one', `${id}, g int as (n + 1)`, [alter('g', { generated: null })]],
  ['an ordinary column is generated', `${id}, g int`, [alter('g', generated(false))]],
  ['a check beside a column', `${id}, c int check (c > 0) unique`, [alter('c', { type: { sql: 'bigint' } })]],
  ['a column comes into the key', id, key('id', 'n')],
  [
    'a column comes into the key of a counter',
    counting,
    [alter('id', { autoincrement: false }), ...key('id', 'n')],
  ],
  ['another key', id, key('n')],
  ['the order of the key', 'id integer not null, primary key (id, a)', key('a', 'id')],
  ['a key of two columns is one of one', 'id integer not null, primary key (id, a)', key('id')],
  ['no key', id, [drop]],
  ['a row’s own id, of which nobody says that it is not null', 'id integer primary key', key('id', 'n')],
  ['a row’s own id, of which the text says that it may be null', 'id integer null primary key', [drop]],
  ['a counter', id, [alter('id', { autoincrement: true })]],
  ['no counter', counting, [alter('id', { autoincrement: false })]],
  [
    'a key that is a counter',
    'id integer not null',
    [
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['id'] } },
      alter('id', { autoincrement: true }),
    ],
  ],
  [
    'a name and what is done on conflict',
    'id integer not null, constraint k primary key (id) on conflict ignore',
    key('id'),
  ],
])('rows stay, and all is taken back, when %s', async (_, columns, operations) => {
  const [own, constraint = ''] = columns.split(/(?=, (?:constraint|primary))/)
  const session = await memory(
    'create table log (id)',
    `create table t (${own}, a text not null, n integer not null${constraint})`,
    'create index i on t (n)',
    'create view v as select id, n from t',
    'create trigger r after delete on t begin insert into log values (old.id); end',
    "insert into t (id, a, n) values (3, 'a', 5), (7, 'b', 6)",
    'delete from t where id = 7',
    "insert into t (id, a, n) values (5, 'b', 6)",
  )
  const read = async (): Promise<Schema> => {
    const { tables, ...rest } = await sqlite.reflect(session)
    const compared = Object.entries(tables).map(([name, { source: __, ...table }]) => [name, table])
    return { ...rest, tables: Object.fromEntries(compared) }
  }
  const rows = [
    { id: 3, a: 'a', n: 5 },
    { id: 5, a: 'b', n: 6 },
  ]
  const states = [await read()]
  for (const operation of operations) states.push(apply(states.at(-1) ?? emptySchema, operation))
  await carryOut(session, ...operations)
  expect(await read()).toEqual(states.at(-1))
  expect(await session.query('select id, a, n from t order by n')).toEqual(rows)
  const back = operations.map((operation, at) => inverse(operation, states[at] ?? emptySchema)).toReversed()
  await carryOut(session, ...back.flat())
  expect(await read()).toEqual(states[0])
  expect(await session.query('select id, a, n from t order by n')).toEqual(rows)
})
