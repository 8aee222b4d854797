import { expect, test } from 'vitest'
import { parseUrl } from '../../../plugins/postgresql/url.ts'
import { AludelError } from '../../../src/errors.ts'

const local = { host: '127.0.0.1', port: 5432, tls: { mode: 'disable' } }

test.for([
  ['postgresql://127.0.0.1', local],
  ['postgres://127.0.0.1/', local],
  ['postgresql://', { ...local, host: 'localhost' }],
  ['postgresql:///db', { ...local, host: 'localhost', database: 'db' }],
  ['postgresql://u@127.0.0.1:6543/db', { ...local, port: 6543, user: 'u', database: 'db' }],
  ['postgresql://u:p@127.0.0.1/db', { ...local, user: 'u', password: 'p', database: 'db' }],
  ['postgresql://u:@127.0.0.1/db', { ...local, user: 'u', database: 'db' }],
  ['postgresql://u:a@b:c@127.0.0.1/db', { ...local, user: 'u', password: 'a@b:c', database: 'db' }],
  [
    'postgresql://a%40b:%2F%3F%23%25%20@127.0.0.1/my%20db%2Fx',
    { ...local, user: 'a@b', password: '/?#% ', database: 'my db/x' },
  ],
  ['postgresql://[::1]:5433/db', { ...local, host: '::1', port: 5433, database: 'db' }],
  ['postgresql://%2Frun%2Fpg/db', { ...local, host: '/run/pg', database: 'db' }],
  [
    'postgresql://u@/db?host=/run/pg&sslmode=require',
    { ...local, host: '/run/pg', user: 'u', database: 'db' },
  ],
  [
    'postgresql://?host=127.0.0.1&port=1&user=u&password=p&dbname=d',
    { ...local, port: 1, user: 'u', password: 'p', database: 'd' },
  ],
  [
    'postgresql://127.0.0.1?application_name=a%20b&options=-c%20search_path%3Dx&connect_timeout=3',
    { ...local, applicationName: 'a b', options: '-c search_path=x', timeout: 3000 },
  ],
  ['postgresql://127.0.0.1/db?pgbouncer=true&schema=public&connect_timeout=0', { ...local, database: 'db' }],
] as const)('%s is understood', ([url, target]) => {
  expect(parseUrl(url)).toEqual(target)
})

test.for([
  ['postgresql://localhost', 'disable'],
  ['postgresql://127.1.2.3', 'disable'],
  ['postgresql://[::1]', 'disable'],
  ['postgresql://127.0.0.1.example.com', 'prefer'],
  ['postgresql://db.example.com', 'prefer'],
  ['postgresql://localhost?sslmode=require', 'require'],
  ['postgresql://localhost?ssl=true', 'require'],
  ['postgresql://localhost?sslmode=no-verify', 'require'],
  ['postgresql://db?sslmode=disable', 'disable'],
  ['postgresql://db?sslmode=allow', 'allow'],
  ['postgresql://db?sslmode=prefer', 'prefer'],
  ['postgresql://db?sslmode=require&sslrootcert=/ca', 'verify-ca'],
  ['postgresql://db?sslmode=verify-ca', 'verify-ca'],
  ['postgresql://db?sslmode=verify-full&sslrootcert=system', 'verify-full'],
  ['postgresql://localhost?sslrootcert=system', 'verify-full'],
  ['postgresql://%2Ftmp?sslmode=verify-full', 'disable'],
] as const)('%s means sslmode %s', ([url, mode]) => {
  expect(parseUrl(url).tls.mode).toBe(mode)
})

test('certificates and keys are taken by their paths', () => {
  const { tls } = parseUrl(
    'postgresql://db?sslmode=verify-ca&sslrootcert=/a%20b&sslcert=c&sslkey=k&sslpassword=s',
  )
  expect(tls).toEqual({
    mode: 'verify-ca',
    rootCertificate: '/a b',
    certificate: 'c',
    key: 'k',
    keyPassword: 's',
  })
})

test.for([
  ['mysql://u:S3cret@h/db', 'it does not begin with postgresql://'],
  ['S3cret', 'it does not begin with postgresql://'],
  ['postgresql://u:S3c#ret@h/db', 'it holds a #, which is written %23'],
  [
    'postgresql://u:S3c/ret@h/db',
    'a / or ? in the user or password is written %2F or %3F, an @ after the host %40',
  ],
  [
    'postgresql://u:1?S3cret@h/db',
    'a / or ? in the user or password is written %2F or %3F, an @ after the host %40',
  ],
  [
    'postgresql://u:a@S3cret?x=1@h/db',
    'a / or ? in the user or password is written %2F or %3F, an @ after the host %40',
  ],
  [
    'postgresql://u:S3c@r/et@h/db',
    'a / or ? in the user or password is written %2F or %3F, an @ after the host %40',
  ],
  [
    'postgresql://u:S3cret%zz@h/db',
    'the password holds a % that no two hexadecimal digits follow; a % is written %25',
  ],
  ['postgresql://u@h:S3cret/db', 'the port is not a number from 1 to 65535'],
  ['postgresql://u@h:0/db', 'the port is not a number from 1 to 65535'],
  ['postgresql://u@h:65536/db', 'the port is not a number from 1 to 65535'],
  ['postgresql://u@a:1,b:2/db', 'it names several hosts, and only one can be used'],
  ['postgresql://u@::1/db', 'the host cannot be read; an IPv6 address stands in []'],
  ['postgresql://u@[::1/db', 'the host cannot be read; an IPv6 address stands in []'],
  ['postgresql://u@h/db/S3cret', 'a / in the name of the database is written %2F'],
  ['postgresql://u@h/db?S3cret', 'a parameter after the ? has no value'],
  ['postgresql://u@h/db?connect_timeout=S3cret', 'connect_timeout is not a number of seconds'],
  [
    'postgresql://u@h/db?sslmode=require&sslrootcert=system',
    'sslrootcert=system needs sslmode=verify-full: anybody has a certificate of a public authority',
  ],
  [
    'postgresql://u@h/db?sslmode=S3cret',
    'sslmode is none of disable, allow, prefer, require, verify-ca, verify-full',
  ],
] as const)('%s is refused without being shown', ([url, fault]) => {
  const parse = () => parseUrl(url)
  expect(parse).toThrow(AludelError)
  expect(parse).toThrow(
    expect.objectContaining({ code: 'URL_INVALID', message: `The database URL cannot be read: ${fault}.` }),
  )
})
