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
  'create table t ("password" "citext", "token" "token_kind" not null)',
  'alter table "t" rename column "password" to "password_hash"',
  `comment on column "t"."password" is 'as Argon2 has it'`,
  'update users set password = crypt(other, salt) where token = $1',
  "alter table t add check (token in ('a', 'b'))",
  `column "password" of relation "users" does not exist`,
  "Can't locate revision identified by 'b1234'.",
])('%s is shown as it is', (sql) => {
  expect(maskLiterals(sql)).toBe(sql)
  expect(secretLiterals(sql)).toEqual([])
})

test.each([
  ['one word', 'deadbeef'.repeat(125_000)],
  ['the word itself', 'password'.repeat(125_000)],
  ['spaces behind it', `password${' '.repeat(1_000_000)}`],
  ['what begins like a URL', 'a://'.repeat(250_000)],
  ['quotes', "password ''".repeat(90_000)],
  ['a literal', `password '${'x'.repeat(1_000_000)}'`],
  ['a literal without an end', `password = "${'x'.repeat(1_000_000)}`],
  ['a backslash at its end', `password '${'x'.repeat(1_000_000)}\\`],
])('a megabyte of %s takes no time', (_, text) => {
  const start = performance.now()
  maskLiterals(text)
  secretLiterals(text)
  expect(performance.now() - start).toBeLessThan(2000)
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

test('an error that holds itself, or what is not its own, is made another one all the same', () => {
  const error = Object.assign(new Error(`password '${secret}'`), { socket: new Map([[secret, secret]]) })
  Object.assign(error, { self: error, cause: error, list: [error, { error }] })
  expect(inspect(withoutSecretLiterals(error), { depth: 9, showHidden: true })).not.toContain('S3cr')
})

test('a failure after 50,000 statements with passwords is told in seconds', () => {
  const ran = Array.from({ length: 50_000 }, (_, at) => `create role r${at} password 'S3cr3t${at}'`)
  const error = new AludelError('STEP_FAILED', "It failed near 'S3cr3t-last'", {
    details: { sql: "create role x password 'S3cr3t-last'", ran },
  })
  const start = performance.now()
  const shown = withoutSecretLiterals(error)
  expect(performance.now() - start).toBeLessThan(10_000)
  expect(inspect(shown, { depth: 9, maxArrayLength: null })).not.toContain('S3cr')
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
