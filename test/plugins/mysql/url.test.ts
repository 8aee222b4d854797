import { expect, test } from 'vitest'
import { parseUrl } from '../../../plugins/mysql/url.ts'
import { AludelError } from '../../../src/errors.ts'

test('a URL is read part by part, each percent-decoded', () => {
  expect(parseUrl('mysql://m%C3%BCller:p%40ss%2Fw%23rd@db.example.com:3307/my%20app')).toEqual({
    host: 'db.example.com',
    port: 3307,
    user: 'müller',
    password: 'p@ss/w#rd',
    database: 'my app',
    socketPath: undefined,
    timeout: undefined,
    ssl: 'preferred',
    ca: undefined,
  })
})

test('what a URL leaves out has its default, and the own machine needs no TLS', () => {
  expect(parseUrl('mariadb://root@[::1]/app')).toMatchObject({
    host: '::1',
    port: 3306,
    user: 'root',
    password: undefined,
    ssl: 'disabled',
  })
})

test('parameters name a socket, a time limit and an authority', () => {
  const url =
    'mysql://root@localhost/app?socketPath=/run/mysqld.sock&connect_timeout=3&ssl-ca=/etc/ca.pem&charset=latin1'
  expect(parseUrl(url)).toMatchObject({ socketPath: '/run/mysqld.sock', timeout: 3000, ca: '/etc/ca.pem' })
})

test.each([
  ['ssl-mode=DISABLED', 'disabled'],
  ['ssl-mode=PREFERRED', 'preferred'],
  ['ssl-mode=REQUIRED', 'required'],
  ['ssl-mode=VERIFY_CA', 'verify_ca'],
  ['sslmode=VERIFY_IDENTITY', 'verify_identity'],
  ['sslmode=require', 'required'],
  ['sslmode=verify-full', 'verify_identity'],
  ['ssl=true', 'verify_identity'],
  ['ssl=false', 'disabled'],
  ['ssl={"rejectUnauthorized":false}', 'required'],
  ['ssl={"rejectUnauthorized":true}', 'verify_identity'],
  ['sslaccept=strict', 'verify_identity'],
])('%s means %s', (parameter, mode) => {
  expect(parseUrl(`mysql://u@db.example.com/app?${parameter}`).ssl).toBe(mode)
})

const slash = 'a / or ? in the user or password is written %2F or %3F, an @ after the host %40'

test.each([
  ['mysql://u:S3cret@host', 'it names no database'],
  ['mysql://u:S3cret@host/', 'it names no database'],
  ['mysql://u:S3cret/x@host/app', slash],
  ['mysql://u:12/S3cret@host/app', slash],
  ['mysql://u:/S3cret@host', slash],
  ['mysql://u:S3cret?x@host/app', slash],
  ['mysql://u:a@S3cret?x@host/app', slash],
  ['mysql://u@host/app/S3cret', 'a / in the name of the database is written %2F'],
  ['mysql://u:S3cret@host:port/app', 'the port is not a number from 1 to 65535'],
  ['mysql://u:S3cret@host:0/app', 'the port is not a number from 1 to 65535'],
  ['mysql://u:S3cret@host:65536/app', 'the port is not a number from 1 to 65535'],
  ['mysql://u:S3cret@a:1,b:2/app', 'it names several hosts, and only one can be used'],
  ['mysql://u:S3cret@[::1/app', 'the host cannot be read; an IPv6 address stands in []'],
  ['mysql://u:S3cret\n@host/app', 'it holds a line end or another control character'],
  ['mysql:/u:S3cret@host/app', 'it does not begin with mysql:// or mariadb://'],
  ['mysql://u:S3c#ret@host/app', 'it holds a #, which is written %23'],
  ['mysql://u@host/app#S3cret', 'it holds a #, which is written %23'],
  ['mysql://u:S3cret%zz@host/app', 'it holds a % that no two hexadecimal digits follow; a % is written %25'],
  [
    'mysql://u@host/app?ssl-mode=S3cret',
    'ssl-mode is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY',
  ],
  [
    'mysql://u:S3cret@10.0.0.1/app?ssl-mode=VERIFY_IDENTITY',
    'VERIFY_IDENTITY needs the name of the host; with an address there is VERIFY_CA',
  ],
  ['mysql://u@host/app?connect_timeout=S3cret', 'connect_timeout is not a number of seconds'],
  ['S3cret', 'it does not begin with mysql:// or mariadb://'],
])('%s is refused without a word of it', (url, fault) => {
  const error = thrownBy(() => parseUrl(url))
  expect(error).toMatchObject({ code: 'URL_INVALID', message: `The database URL cannot be read: ${fault}.` })
  expect(`${error.message}${error.fix}${String(error.cause)}${JSON.stringify(error.details)}`).not.toContain(
    'S3c',
  )
})

function thrownBy(work: () => unknown): AludelError {
  try {
    work()
  } catch (error) {
    if (error instanceof AludelError) return error
  }
  throw new Error('nothing was thrown')
}
