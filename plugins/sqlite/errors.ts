/** What the driver throws, told apart by its code, and put into plainer words where SQLite's are not plain. */
import { AludelError } from '../../src/errors.ts'

/** Before the name of a table that is being rebuilt. */
export const temporaryPrefix = '_aludel_'

/** `SQLITE_BUSY`, `SQLITE_CONSTRAINT_UNIQUE`, …; undefined for anything but the driver's errors. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined
}

/** Another connection has the lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error)?.startsWith('SQLITE_BUSY') ?? false
}

export function isMissingTable(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_ERROR' && messageOf(error).startsWith('no such table')
}

export function isDuplicateKey(error: unknown): boolean {
  return /^SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY|ROWID)$/.test(codeOf(error) ?? '')
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** @param file of the database */
export function explain(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code === undefined || !(error instanceof Error)) return error
  // A file that is open cannot be opened only for its journal, in a folder that is read-only.
  if (/^SQLITE_(?:READONLY|CANTOPEN)/.test(code)) return readOnly(file, error)
  error.message = plain(error.message)
  return error
}

export function readOnly(file: string, cause?: Error): AludelError {
  const why = cause ? `: ${cause.message}` : ''
  return new AludelError('READ_ONLY', `The database ${file} cannot be written${why}.`, {
    state: 'Nothing was changed.',
    fix: 'Give this user the right to write to the file and its folder.',
    details: { file },
    cause,
  })
}

function plain(message: string): string {
  // People know the table by its own name, not by the one that it has while it is rebuilt.
  const named = message.replaceAll(temporaryPrefix, '')
  if (!/^Cannot add a NOT NULL column/.test(named)) return named
  return `${named}: the table has rows, so give the column a default, or add it nullable and fill it first`
}
