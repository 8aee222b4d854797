import { expect, test } from 'vitest'
import { endsTransaction } from '../../plugins/postgresql/reach.ts'
import { refuseFiles } from '../../plugins/sqlite/reach.ts'

const isRefused = (refuse: (sql: string) => void, sql: string): boolean => {
  try {
    refuse(sql)
    return false
  } catch {
    return true
  }
}

test.each([
  ['commit', true],
  [' -- x\nCOMMIT', true],
  ['create table t (a int); end; drop table u', true],
  ["prepare transaction 'x'", true],
  ['rollback', true],
  ['rollback to savepoint a', false],
  ['create function f() returns int as $$ begin return 1; end; $$ language plpgsql', false],
  ["insert into t values ('; commit')", false],
  ['alter table endings add commit int', false],
])('of PostgreSQL what ends a transaction is not tried: %s', (sql, refused) => {
  expect(isRefused(endsTransaction, sql)).toBe(refused)
})

test.each([
  ["/* x */ attach 'a.db' as a", true],
  ["vacuum main INTO 'a.db'", true],
  ['vacuum', false],
  ['create table attach_t (a int)', false],
])('of SQLite what opens a file is not tried: %s', (sql, refused) => {
  expect(isRefused(refuseFiles, sql)).toBe(refused)
})
