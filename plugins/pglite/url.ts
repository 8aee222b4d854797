/** Where a database is: `pglite:data`, `pglite:///abs/data`, `pglite:` in memory. */
import path from 'node:path'
import { AludelError } from '../../src/errors.ts'

export interface Place {
  /** Absolute; none: in memory. */
  readonly folder: string | undefined
  /** One of those in the folder; default `postgres`, which is always there. */
  readonly database: string
}

/** @throws {AludelError} URL_INVALID */
export function parseUrl(url: string): Place {
  const [, rest, query] = /^pglite:([^?]*)(?:\?(.*))?$/is.exec(url) ?? []
  if (rest === undefined) throw invalid('it does not begin with pglite:')
  if (url.includes('#')) throw invalid('it holds a #, which is written %23')
  const database = new URLSearchParams(query).get('database') || 'postgres'
  const name = decode(rest.replace(/^\/\/(?:localhost(?=\/))?/, ''))
  if (name === '' || name === ':memory:') return { folder: undefined, database }
  // A file URL of Windows has a slash before the drive.
  const folder = path.resolve(name.replace(/^\/(?=[A-Za-z]:[\\/])/, ''))
  if (folder === path.dirname(folder)) throw invalid('it names the root of the file system')
  return { folder, database }
}

/** A per cent sign that is none of an escape is itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function invalid(fault: string): AludelError {
  return new AludelError('URL_INVALID', `The PGlite URL cannot be read: ${fault}.`, {
    fix: 'Write it like pglite:./data or pglite:///var/lib/app/data, where the folder is, or pglite: in memory.',
  })
}
