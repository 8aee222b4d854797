/** A server of its own: TLS and passwords need settings that the shared one does not have. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import { afterTest } from '../../support/cleanup.ts'
import { sql } from '../../support/sql.ts'
import { startPostgres, type Throwaway } from '../../support/throwaway.ts'
import { connected, failure } from './support.ts'

let server: Throwaway
/** A certificate for `localhost`, its own root, and its key; they are for this test alone. */
const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'tls')
const [certificate, key] = [path.join(folder, 'root.crt'), path.join(folder, 'server.key')]

/** Sessions that are open stay as they are. */
async function setSsl(value: 'on' | 'off'): Promise<void> {
  await sql(server.url, `alter system set ssl = ${value}`, 'select pg_reload_conf()')
  await vi.waitUntil(async () => (await sql(server.url, 'show ssl'))[0]?.[0] === value)
}

/** What `copy` can put line by line into a file of the server. */
const lines = (text: string): string =>
  `select * from unnest(array[${text
    .trim()
    .split('\n')
    .map((line) => dialect.literal(line))
    .join(', ')}])`

beforeAll(async () => {
  server = await startPostgres()
  const [[data] = []] = await sql(server.url, 'show data_directory')
  await sql(
    server.url,
    `copy (${lines(readFileSync(certificate, 'utf8'))}) to '${String(data)}/server.crt'`,
    `copy (${lines(readFileSync(key, 'utf8'))}) to program 'umask 077; cat > ${String(data)}/server.key'`,
    `create role reader login password 'S3cret-word'`,
    `create role secret login password 'S3cret-word'`,
    `create role plain login password 'S3cret-word'`,
    `copy (select * from unnest(array[
       'host all postgres 127.0.0.1/32 trust', 'hostssl all secret 127.0.0.1/32 scram-sha-256',
       'hostnossl all plain 127.0.0.1/32 scram-sha-256',
       'host all reader 127.0.0.1/32 scram-sha-256'])) to '${String(data)}/pg_hba.conf'`,
  )
  await setSsl('on')
})
afterAll(async () => {
  await server.stop()
})

const url = (login: string, parameters = ''): string =>
  `postgresql://${login}@127.0.0.1:${new URL(server.url).port}/postgres${parameters}`
const isEncrypted = async (at: string): Promise<unknown> => {
  const session = await connected(at)
  return (await session.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()'))[0]
}

test.for([
  ['postgres', '', false],
  ['postgres', '?sslmode=disable', false],
  ['postgres', '?sslmode=allow', false],
  ['postgres', '?sslmode=prefer', true],
  ['postgres', '?sslmode=require', true],
  // This login is taken with TLS only, the next one without it only.
  ['secret:S3cret-word', '?sslmode=allow', true],
  ['secret:S3cret-word', '?sslmode=prefer', true],
  ['plain:S3cret-word', '?sslmode=allow', false],
  ['plain:S3cret-word', '?sslmode=prefer', false],
] as const)('%s with "%s" is encrypted: %s', async ([login, parameters, ssl]) => {
  expect(await isEncrypted(url(login, parameters))).toEqual({ ssl })
})

test.for([
  ['secret', 'disable', 'no encryption'],
  ['plain', 'require', 'SSL encryption'],
  // Tried both ways.
  ['nobody', 'prefer', 'SSL encryption'],
  ['nobody', 'allow', 'SSL encryption'],
] as const)('%s under sslmode=%s is refused with the words: %s', async ([user, mode, words]) => {
  expect(await failure(dialect.connect(url(`${user}:S3cret-word`, `?sslmode=${mode}`)))).toMatchObject({
    code: 'AUTHENTICATION',
    message: expect.stringMatching(new RegExp(`no pg_hba.conf entry for host .*, ${words}\\.$`)),
  })
})

test.each(['allow', 'prefer'])('a wrong password is tried once under sslmode=%s', async (mode) => {
  expect(await failure(dialect.connect(url('secret:S3cret-wrong', `?sslmode=${mode}`)))).toMatchObject({
    code: 'AUTHENTICATION',
    message: expect.stringContaining('password authentication failed for user "secret"'),
  })
})

test('verify-ca checks the certificate, verify-full the name in it as well', async () => {
  const root = `&sslrootcert=${encodeURIComponent(path.join(folder, 'root.crt'))}`
  expect(await isEncrypted(url('postgres', `?sslmode=verify-ca${root}`))).toEqual({ ssl: true })
  expect(
    await isEncrypted(url('postgres', `?sslmode=verify-full${root}`).replace('127.0.0.1', 'localhost')),
  ).toEqual({ ssl: true })
  expect(await failure(dialect.connect(url('postgres', `?sslmode=verify-full${root}`)))).toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: expect.stringMatching(
      /^TLS with PostgreSQL at 127\.0\.0\.1:\d+ \(database postgres, user postgres\) failed under sslmode=verify-full: Hostname\/IP does not match/,
    ),
    fix: expect.stringContaining('sslmode=verify-ca'),
  })
  expect(await failure(dialect.connect(url('postgres', '?sslmode=verify-ca')))).toMatchObject({
    message: expect.stringMatching(/^TLS with .* failed under sslmode=verify-ca: self-signed certificate/),
    fix: expect.stringContaining('sslrootcert'),
  })
  expect(
    await failure(dialect.connect(url('postgres', '?sslmode=verify-ca&sslrootcert=/nowhere'))),
  ).toMatchObject({
    code: 'URL_INVALID',
    message: 'The file that sslrootcert names in the database URL cannot be read: /nowhere.',
  })
})

test('a server without TLS is refused by require and taken by prefer', async () => {
  afterTest(() => setSsl('on'))
  await setSsl('off')
  expect(await isEncrypted(url('postgres', '?sslmode=prefer'))).toEqual({ ssl: false })
  expect(await failure(dialect.connect(url('postgres', '?sslmode=require')))).toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: expect.stringMatching(
      /^TLS with .* failed under sslmode=require: The server does not support SSL connections\.$/,
    ),
  })
})

test('the right password is let in; a wrong one, none, and one that is not encrypted are not, and none is shown', async () => {
  expect(await isEncrypted(url('reader:S3cret-word'))).toEqual({ ssl: false })
  expect(await isEncrypted(url('secret:S3cret-word', '?sslmode=require'))).toEqual({ ssl: true })
  for (const [login, parameters, reason] of [
    ['reader:S3cret-wrong', '', 'password authentication failed for user "reader"'],
    ['reader', '', 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'],
    [
      'secret:S3cret-word',
      '',
      'no pg_hba.conf entry for host "127.0.0.1", user "secret", database "postgres", no encryption',
    ],
  ] as const) {
    const error = await failure(dialect.connect(url(login, parameters)))
    const [user] = login.split(':')
    expect(error).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:\d+ did not let user /),
      details: { user, database: 'postgres' },
    })
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining(`${user} into database postgres: ${reason}.`),
    )
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('S3cr')
  }
})

test('cancel goes through TLS, and an encrypted socket can be let go', async () => {
  const session = await connected(url('postgres', '?sslmode=require'))
  session.unref()
  session.ref()
  const failed = expect(session.query('select pg_sleep(20)')).rejects.toMatchObject({ code: '57014' })
  await pause(100)
  await session.cancel()
  await failed
})
