/** The right that a refused statement lacks, as the statement that gives it. */
import type { AludelError } from '../../src/errors.ts'
import { permissionDenied } from '../../src/dialect.ts'
import { isNumbered } from './errors.ts'
import { literal, quote } from './literal.ts'

/** Of a table, a column, a database, a routine, and of the whole server. */
const denials = [1142, 1143, 1044, 1370, 1227]

export function isDenied(error: unknown): error is Error {
  return denials.some((number) => isNumbered(error, number))
}

/**
 * With the right that is missing.
 * @param account as `current_user()` has it: `app@%`
 */
export function denial(error: Error, account: string): AludelError {
  const { message } = error
  const [login, grant] = [loginOf(account), grantIn(message)]
  const statement = grant === undefined ? undefined : `grant ${grant} to ${login}`
  return permissionDenied({ message, login, statement, cause: error })
}

/** As SQL. The host has no @, a user may. */
function loginOf(account: string): string {
  const at = account.lastIndexOf('@')
  return `${literal(account.slice(0, at))}@${literal(account.slice(at + 1))}`
}

/** Reads it off the server's words, which are all that it says of the object; undefined where they are others. */
function grantIn(message: string): string | undefined {
  const [, rights, kind, place = ''] =
    /^(.+?) command denied to user .*? for (table|column|routine) (.+)$/.exec(message) ?? []
  if (rights !== undefined) {
    const privileges = rights.toLowerCase()
    const [last = '', database] = namesIn(kind === 'column' ? place.replace(/^.* in table /, '') : place)
    const whole = kind === 'routine' || /\bcreate\b/.test(privileges)
    const object = whole ? '*' : quote(last)
    return `${privileges} on ${database === undefined ? object : `${quote(database)}.${object}`}`
  }
  const [, database] = /^Access denied for user .* to database '(.+)'$/.exec(message) ?? []
  if (database !== undefined) return `all privileges on ${quote(database)}.*`
  const [, privilege] = /^Access denied; you need \(at least one of\) the ([A-Z_ ]+)/.exec(message) ?? []
  return privilege === undefined ? undefined : `${privilege.toLowerCase()} on *.*`
}

/** From the last to the first: `db`.`t`, 't', 'db.f'. */
function namesIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`((?:[^`]|``)*)`/g)].map(([, name = '']) => name.replaceAll('``', '`'))
  return (quoted.length > 0 ? quoted : text.replaceAll("'", '').split('.')).toReversed()
}
