import fc from 'fast-check'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { maskLiterals, secretLiterals, withoutSecretLiterals } from '../../src/database/secret-literals.ts'
import { AludelError } from '../../src/errors.ts'

const secret = 'S3cr3t-W0rd'

test.each([
  [`create role x login password '${secret}'`, "create role x login password '***'"],
  [
    `alter role x encrypted password E'${secret}' valid until 'infinity'`,
    "alter role x encrypted password E'***' valid until 'infinity'",
  ],
  [`create user 'x'@'%' identified by '${secret}'`, "create user 'x'@'%' identified by '***'"],
  [`create user x identified by "${secret}" account lock`, "create user x identified by '***' account lock"],
  [`create user x identified by password '${secret}'`, "create user x identified by password '***'"],
  [
    `create user x identified via ed25519 using password('${secret}')`,
    "create user x identified via ed25519 using password('***')",
  ],
  [
    `create user x identified with caching_sha2_password by '${secret}'`,
    "create user x identified with caching_sha2_password by '***'",
  ],
  [`set password for 'x'@'%' = password('${secret}')`, "set password for 'x'@'%' = password('***')"],
  [`set password for x = '${secret}'`, "set password for x = '***'"],
  [`alter user x password = '${secret}'`, "alter user x password = '***'"],
  [
    `create user mapping for x server s options (user 'x', password '${secret}')`,
    "create user mapping for x server s options (user 'x', password '***')",
  ],
  [
    `update users set "password" = '${secret}' where id = 1`,
    `update users set "password" = '***' where id = 1`,
  ],
  [
    `select dblink_connect('host=h user=x password=${secret} dbname=d')`,
    "select dblink_connect('host=h user=x password=*** dbname=d')",
  ],
  [
    `create subscription s connection 'host=h password=''${secret}'' dbname=d' publication p`,
    "create subscription s connection 'host=h password='***' dbname=d' publication p",
  ],
  [
    `create table t (n int) connection='mysql://x:${secret}@h/d/t'`,
    "create table t (n int) connection='mysql://x:***@h/d/t'",
  ],
  [
    `do $$ begin execute 'alter role x password ''${secret}''' ; end $$`,
    "do $$ begin execute 'alter role x password '***'' ; end $$",
  ],
  [`alter role x password $q$${secret}$q$`, "alter role x password '***'"],
  [
    `insert into config values ('{"password": "${secret}"}')`,
    `insert into config values ('{"password": '***'}')`,
  ],
  [`alter role x password '${secret}`, "alter role x password '***'"],
  // As it stands in a file.
  [`op.execute('create role x password \\'${secret}\\'')`, "op.execute('create role x password \\'***')"],
])('%s is shown as %s', (sql, shown) => {
  expect(maskLiterals(sql)).not.toContain('S3cr')
  expect(maskLiterals(sql)).toBe(shown)
  expect(secretLiterals(sql)).toContain(secret)
})

test.each([
  "insert into users (name) values ('S3cr3t-W0rd')",
  'alter table users add column password varchar(20)',
  "comment on table t is 'a word'",
  'create index i on users (password)',
  'alter role x password null',
  "Can't locate revision identified by 'b1234'.",
])('%s is shown as it is', (sql) => {
  expect(maskLiterals(sql)).toBe(sql)
  expect(secretLiterals(sql)).toEqual([])
})

test('an error shows the literal nowhere, also where the server quotes the rest of a statement', () => {
  const sql = `create user x identified by '${secret}' nonsense`
  const driver = Object.assign(new Error(`You have an error near '${secret}' nonsense' at line 1`), {
    sql,
    errno: 1064,
  })
  const cut = new Error(`You have an error near 'identified by '${secret.slice(0, 8)}`, { cause: driver })
  const details = { sql, ran: [sql], statement: 2 }
  const error = new AludelError('STEP_FAILED', `It failed: ${driver.message}`, {
    state: `These ran: (1) ${sql}.`,
    fix: 'Correct it.',
    details,
    cause: cut,
  })
  const shown = withoutSecretLiterals(error)
  expect(inspect(shown, { depth: 9, showHidden: true })).not.toContain('S3cr')
  expect(shown).toMatchObject({
    name: 'AludelError',
    code: 'STEP_FAILED',
    exitCode: 1,
    message: "It failed: You have an error near '***' nonsense' at line 1",
    fix: 'Correct it.',
    details: { statement: 2, sql: "create user x identified by '***' nonsense" },
    cause: { cause: { errno: 1064 } },
  })
  expect(shown).toBeInstanceOf(AludelError)
})

test('an error without one is the same error', () => {
  for (const error of [
    new Error('no password was given'),
    new AludelError('USAGE', 'No.'),
    'text',
    undefined,
  ]) {
    expect(withoutSecretLiterals(error)).toBe(error)
  }
})

test('no four characters of any literal are left', () => {
  const text = fc.string({ minLength: 4, unit: 'grapheme-ascii' }).filter((each) => !/[\\*]/.test(each))
  const statement = fc.constantFrom(
    (value: string) => `create role x password '${value.replaceAll("'", "''")}'`,
    (value: string) => `create user x identified by '${value.replaceAll("'", "''")}' account lock`,
  )
  fc.assert(
    fc.property(text, statement, (value, write) => {
      const sql = write(value)
      const masked = maskLiterals(sql)
      const rest = write('')
      const pieces = Array.from({ length: value.length - 3 }, (_, at) => value.slice(at, at + 4))
      expect(pieces.filter((piece) => masked.includes(piece) && !rest.includes(piece))).toEqual([])
    }),
  )
})
