import { expect, test } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import { carryOut, describePostgresql, runAll } from './support.ts'

/** A default of each type, as the database says it. */
const types: Readonly<Record<string, string>> = {
  smallint: '1',
  integer: '1',
  bigint: '1',
  real: '1.5',
  'double precision': '1.5',
  'numeric(10,2)': '1.5',
  money: '1',
  boolean: 'true',
  text: "'1'",
  'varchar(100)': "'1'",
  'char(3)': "'1'",
  date: 'current_date',
  timestamp: 'localtimestamp',
  'timestamp(3)': "'2026-01-01'",
  timestamptz: 'now()',
  'timestamp(3) with time zone': 'now()',
  time: "'10:00'",
  'time(0) with time zone': "'10:00'",
  interval: "'1 day'",
  json: "'1'",
  jsonb: "'1'",
  uuid: 'gen_random_uuid()',
  bytea: "'x'",
  'bit(8)': "B'00000001'",
  varbit: "B'1'",
  inet: "'10.0.0.1'",
  cidr: "'10.0.0.0/8'",
  macaddr: "'08:00:2b:01:02:03'",
  macaddr8: "'08:00:2b:01:02:03:04:05'",
  tsvector: "'a'",
  point: "'(1,2)'",
  int4range: "'[1,2)'",
  xml: "'<a/>'",
  'integer[]': "'{1}'",
  'text[]': "'{1}'",
}

describePostgresql('a column of any type becomes one of any other', (open) => {
  test.each(Object.keys(types))('%s', { timeout: 60_000 }, async (to) => {
    const place = await open()
    const faults: string[] = []
    for (const from of Object.keys(types)) {
      await runAll(place, 'drop table if exists t', `create table t (id int, c ${from})`)
      const change: Operation = {
        kind: 'alterColumn',
        table: 't',
        column: 'c',
        change: { type: { sql: to }, default: { sql: types[to] ?? '' } },
      }
      await carryOut(place, change).catch((error: unknown) => faults.push(`${from}: ${String(error)}`))
    }
    expect(faults).toEqual([])
  })
})
