/** Where a database is: `sqlite:app.db`, `sqlite:///abs/app.db`, `file:app.db?mode=ro`, `sqlite::memory:`. */
import path from 'node:path'
import { AludelError } from '../../src/errors.ts'

export interface Place {
  /** Absolute, or `:memory:`. */
  readonly file: string
  readonly readOnly: boolean
  /** Not to be created. */
  readonly mustExist: boolean
}

const modes = ['rwc', 'rw', 'ro', 'memory'] as const

/** @throws {AludelError} URL_INVALID */
export function parseUrl(url: string): Place {
  const memory: Place = { file: ':memory:', readOnly: false, mustExist: false }
  if (url === ':memory:') return memory
  const [, rest, query] = /^(?:sqlite|file):([^?]*)(?:\?(.*))?$/is.exec(url) ?? []
  if (rest === undefined) throw invalid('A SQLite URL begins with `sqlite:` or `file:`.')
  const given = new URLSearchParams(query).get('mode') ?? 'rwc'
  const mode = modes.find((each) => each === given)
  if (!mode) throw invalid(`A SQLite URL's mode is ro, rw, rwc or memory, not ${given}.`)
  const name = decode(rest.replace(/^\/\/(?:localhost(?=\/))?/, ''))
  if (mode === 'memory' || name === ':memory:' || name === '/:memory:') return memory
  if (name === '' || name.endsWith('/')) throw invalid('The SQLite URL names no file.')
  // A file URL of Windows has a slash before the drive.
  const file = path.resolve(name.replace(/^\/(?=[A-Za-z]:[\\/])/, ''))
  return { file, readOnly: mode === 'ro', mustExist: mode === 'rw' }
}

/** A per cent sign that is none of an escape is itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function invalid(message: string): AludelError {
  return new AludelError('URL_INVALID', message, {
    fix: 'Write it like sqlite:app.db or sqlite:///var/data/app.db.',
  })
}
