/** A server of its own: TLS needs settings that the shared one does not have. */
import path from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import { afterTest } from '../../support/cleanup.ts'
import { sql } from '../../support/sql.ts'
import { startMariadb, type Throwaway } from '../../support/throwaway.ts'

const dialect = mysqlDialect('mariadb')
/** A certificate for `localhost`, its own root, and its key; they are for tests alone. */
const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'tls')
const [certificate, key] = [path.join(folder, 'root.crt'), path.join(folder, 'server.key')]
const root = `ssl-ca=${encodeURIComponent(certificate)}`

describe('TLS', { skip: 'missing' in inject('servers').mariadb, meta: { dialect: 'mariadb' } }, () => {
  let secure: Throwaway
  let plain: string
  beforeAll(async () => {
    secure = await startMariadb(`--ssl-cert=${certificate}`, `--ssl-key=${key}`)
    await sql(`${secure.url}/mysql`, `create user 'secret'@'%' identified by 'S3cret-word' require ssl`)
    await sql(`${secure.url}/mysql`, `grant select on *.* to 'secret'@'%'`)
    const server = inject('servers').mariadb
    plain = 'url' in server ? server.url : ''
  })
  afterAll(() => secure.stop())

  const at = (server: string, parameters: string, login = 'root', host = '127.0.0.1'): string =>
    `mariadb://${login}@${host}:${new URL(server).port}/mysql?${parameters}`
  const isEncrypted = async (url: string): Promise<boolean> => {
    const session = await dialect.connect(url)
    afterTest(() => session.close())
    const [row] = await session.query<{ Value: string }>("show status like 'Ssl_cipher'")
    return row?.Value !== ''
  }
  const failure = (url: string): Promise<unknown> =>
    dialect.connect(url).then(
      () => 'it connected',
      (error: unknown) => error,
    )

  test.for([
    ['', 'root', false],
    ['ssl-mode=DISABLED', 'root', false],
    ['ssl-mode=PREFERRED', 'root', true],
    ['ssl-mode=REQUIRED', 'root', true],
    ['ssl-mode=REQUIRED', 'secret:S3cret-word', true],
    [`ssl-mode=VERIFY_CA&${root}`, 'root', true],
    ['sslmode=prefer', 'root', true],
    ['ssl={"rejectUnauthorized":false}', 'root', true],
  ] as const)('"%s" of %s encrypts: %s', async ([parameters, login, encrypted]) => {
    expect(await isEncrypted(at(secure.url, parameters, login))).toBe(encrypted)
  })

  test('VERIFY_IDENTITY checks the name as well, VERIFY_CA the certificate alone', async () => {
    expect(await isEncrypted(at(secure.url, `ssl-mode=VERIFY_IDENTITY&${root}`, 'root', 'localhost'))).toBe(
      true,
    )
    for (const mode of ['VERIFY_CA', 'VERIFY_IDENTITY']) {
      expect(await failure(at(secure.url, `ssl-mode=${mode}`, 'root', 'localhost'))).toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        message: expect.stringMatching(
          new RegExp(`^TLS with .* failed under ssl-mode=${mode}: .*self-signed certificate`),
        ),
        fix: expect.stringContaining('ssl-ca'),
      })
    }
    // Another name of this machine, though it looks like an address.
    const other = at(secure.url, `ssl-mode=VERIFY_IDENTITY&${root}`, 'root', '127.1')
    expect(await failure(other)).toMatchObject({
      message: expect.stringMatching(/failed under ssl-mode=VERIFY_IDENTITY: Hostname/),
      fix: expect.stringContaining('VERIFY_CA'),
    })
    expect(await failure(at(secure.url, 'ssl-mode=VERIFY_CA&ssl-ca=/nowhere'))).toMatchObject({
      code: 'URL_INVALID',
      message: 'The file that ssl-ca names in the database URL cannot be read: /nowhere.',
    })
  })

  test('a server without TLS is refused by REQUIRED and taken by PREFERRED', async () => {
    expect(await isEncrypted(at(plain, 'ssl-mode=PREFERRED'))).toBe(false)
    expect(await failure(at(plain, 'ssl-mode=REQUIRED'))).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringMatching(/^TLS with .* failed under ssl-mode=REQUIRED: /),
      fix: expect.stringContaining('PREFERRED'),
    })
  })

  test('a login that needs TLS is refused without it, and the password is not shown', async () => {
    for (const parameters of ['ssl-mode=DISABLED', '']) {
      const error = await failure(at(secure.url, parameters, 'secret:S3cret-word'))
      expect(error).toMatchObject({
        code: 'AUTHENTICATION',
        fix: expect.stringContaining('ssl-mode=REQUIRED'),
      })
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('S3cr')
    }
  })
})
