import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { AludelError } from '../../src/errors.ts'
import type { Target } from './url.ts'

/** What pg takes as `ssl`. */
export type Ssl = false | ConnectionOptions

/**
 * The ways to connect, in the order to try; the next one is for a server that does not take the one before.
 * @throws {AludelError} URL_INVALID when a certificate or key cannot be read
 */
export function sslAttempts({ tls, host }: Target): readonly [Ssl, ...Ssl[]] {
  if (tls.mode === 'disable') return [false]
  const ssl: ConnectionOptions = {
    // Not every pg passes on an address, and without a name Node checks the certificate for `localhost`.
    host,
    rejectUnauthorized: tls.mode.startsWith('verify'),
    ...(tls.rootCertificate && tls.rootCertificate !== 'system'
      ? { ca: read(tls.rootCertificate, 'sslrootcert') }
      : {}),
    ...(tls.certificate ? { cert: read(tls.certificate, 'sslcert') } : {}),
    ...(tls.key ? { key: read(tls.key, 'sslkey') } : {}),
    ...(tls.keyPassword ? { passphrase: tls.keyPassword } : {}),
    ...(tls.mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  }
  if (tls.mode === 'allow') return [false, ssl]
  return tls.mode === 'prefer' ? [ssl, false] : [ssl]
}

function read(path: string, parameter: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AludelError(
      'URL_INVALID',
      `The file that ${parameter} names in the database URL cannot be read: ${path}.`,
      {
        fix: `Correct ${parameter}, or put the file there.`,
        cause,
      },
    )
  }
}
