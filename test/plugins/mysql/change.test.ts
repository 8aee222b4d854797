import { afterAll, beforeAll, expect, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import type { ColumnChange } from '../../../src/operations/alter-column/operation.ts'
import { apply } from '../../../src/operations/apply.ts'
import { inverse } from '../../../src/operations/inverse.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Schema } from '../../../src/schema/schema.ts'
import { carryOut, describeBoth, open, type Place, runAll } from './support.ts'

const alter = (column: string, change: ColumnChange): Operation => ({
  kind: 'alterColumn',
  table: 't',
  column,
  change,
})
const key = (...columns: readonly string[]): readonly Operation[] => [
  { kind: 'dropConstraint', table: 't', type: 'primary' },
  { kind: 'createPrimaryKey', table: 't', primaryKey: { columns } },
]

/** What the table has beside, and what is done to it. */
type Case = readonly [string, string, readonly Operation[]]

describeBoth('rows stay, and all is taken back, when', (name) => {
  let place: Place
  beforeAll(async () => {
    place = await open(name)
  })
  afterAll(() => place.close())

  const int = (text = ''): { readonly sql: string } => ({
    sql: `int${name === 'mysql' ? '' : '(11)'}${text}`,
  })
  const generated = (stored: boolean, expression = '`n` + 1') => ({ generated: { expression, stored } })
  const plain = 'c int'

  test.each<Case>([
    ['a collation', plain, [alter('a', { collation: 'utf8mb4_bin' })]],
    ['the collation of another character set', plain, [alter('a', { collation: 'latin1_swedish_ci' })]],
    [
      'a column is unsigned',
      plain,
      [alter('n', { type: { sql: name === 'mysql' ? 'int unsigned' : 'int(10) unsigned' } })],
    ],
    [
      'a comment',
      "c int comment 'it''s'",
      [alter('n', { comment: "it's \\ so" }), alter('c', { comment: null })],
    ],
    [
      'on update',
      'd datetime not null default current_timestamp',
      [alter('d', { extra: 'on update current_timestamp()' })],
    ],
    [
      'a generated column is stored',
      'g int as (n + 1) virtual, key g (g, n), unique u (g)',
      [alter('g', generated(true))],
    ],
    [
      'a generated column of a longer text is stored',
      'g varchar(3) as (left(a, 3)) virtual, key g (g), unique u (g, n), key p (g(2))',
      [alter('g', { type: { sql: 'varchar(30)' }, ...generated(true, 'left(`a`,3)') })],
    ],
    [
      'a generated column is virtual',
      'g int as (n + 1) stored, key g (g, n)',
      [alter('g', generated(false))],
    ],
    [
      'an expression',
      'g int as (n + 1) stored, h int as (n + 1)',
      [alter('g', generated(true, '`n` + 2')), alter('h', generated(false, '`n` + 2'))],
    ],
    [
      'a virtual column is an ordinary one',
      'g int as (n + 1) virtual, key g (g)',
      [alter('g', { generated: null })],
    ],
    ['a stored column is an ordinary one', 'g int as (n + 1) stored', [alter('g', { generated: null })]],
    [
      'an ordinary column is a virtual one',
      'g int not null default 7',
      [alter('g', { ...generated(false), default: null })],
    ],
    [
      'the first column is a virtual one',
      '',
      [{ kind: 'dropConstraint', table: 't', type: 'primary' }, alter('id', generated(false))],
    ],
    ['a check beside a column', 'c int null check (c > 0)', [alter('c', { nullable: true, comment: 'x' })]],
    ['a column comes into the key', plain, key('id', 'n')],
    ['another key', plain, key('n')],
    ['the order of the key', plain, key('n', 'id')],
    ['an automatic number', plain, [alter('id', { autoincrement: true })]],
    ['an automatic number in a wider key', plain, [alter('id', { autoincrement: true }), ...key('id', 'n')]],
    [
      'a wider key and no automatic number',
      plain,
      [
        alter('id', { autoincrement: true }),
        ...key('id', 'n'),
        alter('id', { autoincrement: false, type: int() }),
      ],
    ],
  ])('%s', async (_, columns, operations) => {
    const own = columns === '' || columns.startsWith('key') ? columns : `, ${columns}`
    await runAll(
      place,
      'drop table if exists t',
      `create table t (id int not null, a varchar(9) not null, n int not null, primary key (id)${own})`,
      "insert into t (id, a, n) values (1, 'a', 5), (2, 'b', 6)",
    )
    const read = (): Promise<Schema> => place.dialect.reflect(place.session)
    const states = [await read()]
    for (const operation of operations) states.push(apply(states.at(-1) ?? { tables: {} }, operation))
    await carryOut(place, ...operations)
    expect(await read()).toEqual(states.at(-1))
    expect(await place.session.query('select a, n from t order by n')).toEqual([
      { a: 'a', n: 5 },
      { a: 'b', n: 6 },
    ])
    const back = operations
      .map((operation, at) => inverse(operation, states[at] ?? { tables: {} }))
      .toReversed()
      .flat()
    await carryOut(place, ...back)
    expect(await read()).toEqual(states[0])
    expect(await place.session.query('select a, n from t order by n')).toHaveLength(2)
  })

  test('a column that may be null comes into the key', async () => {
    await runAll(
      place,
      'drop table if exists t',
      'create table t (id int not null primary key, c int null default 3)',
      'insert into t values (1, 2)',
    )
    const before = await place.dialect.reflect(place.session)
    const operations = [...key('id', 'c'), alter('c', { comment: 'c' })]
    const [dropped, keyed] = operations.map((_, at) => operations.slice(0, at + 1).reduce(apply, before))
    await carryOut(place, ...operations)
    const { tables } = await place.dialect.reflect(place.session)
    expect(tables['t']).toMatchObject({
      columns: [{ name: 'id' }, { name: 'c', comment: 'c' }],
      primaryKey: { columns: ['id', 'c'] },
    })
    const states = [before, dropped ?? before, keyed ?? before]
    const back = operations.map((operation, at) => inverse(operation, states[at] ?? before)).toReversed()
    await carryOut(place, ...back.flat())
    expect(await place.dialect.reflect(place.session)).toEqual(before)
    expect(await place.session.query('select * from t')).toEqual([{ id: 1, c: 2 }])
  })

  test('an automatic number goes on counting behind rows that are gone, and others refer to it all the time', async () => {
    await runAll(
      place,
      'drop table if exists t',
      'create table t (id int not null auto_increment primary key, n int not null)',
      'create table child (id int not null, foreign key (id) references t (id))',
      'insert into t (n) values (1), (2), (3)',
      'insert into child values (1)',
      'delete from t where n > 1',
    )
    const before = await place.dialect.reflect(place.session)
    const type = name === 'mysql' ? 'bigint' : 'bigint(20)'
    await carryOut(place, ...key('id', 'n'), alter('id', { comment: 'c' }))
    await carryOut(place, alter('id', { comment: null }), ...key('id'))
    expect(await place.dialect.reflect(place.session)).toEqual(before)
    await runAll(place, 'drop table child')
    await carryOut(place, alter('id', { type: { sql: type } }))
    await runAll(place, 'insert into t (n) values (4)')
    expect(await place.session.query('select * from t')).toEqual([
      { id: 1, n: 1 },
      { id: 4, n: 4 },
    ])
  })
})

test.each(['mysql', 'mariadb'] as const)(
  'on %s a virtual column becomes another by way of a stored one',
  async (name) => {
    const generated = { expression: 'n + 1', stored: false }
    const columns = [
      { name: 'n', type: 'integer' },
      { name: 'g', type: { sql: 'bigint' }, generated },
    ] as const
    const compiled = await mysqlDialect(name).compile(
      [alter('g', { generated: null, nullable: true }), alter('n', { generated, type: { sql: 'int' } })],
      { tables: { t: { name: 't', columns } } },
    )
    expect(compiled.flat().map(({ sql }) => sql)).toEqual([
      'alter table `t` drop column `g`, add `g` bigint generated always as (n + 1) stored after `n`',
      'alter table `t` modify `g` bigint null',
      'alter table `t` drop column `n`, add `n` int generated always as (n + 1) virtual first',
    ])
  },
)
