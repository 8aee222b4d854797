/** What the server refused or ended, with what would let it pass: the right that is missing as the statement that gives it, the limit by its name. */
import { permissionDenied } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { codeOf } from './errors.ts'
import { quote } from './literal.ts'

/** The state of what a block that aludel wrote refuses by itself; its hint says what to do. */
export const refusedState = 'AL001'

/** An error of a statement; where the login may not run it, with the right that it lacks. */
export function explained(error: unknown, sql: string, user = ''): unknown {
  if (!(error instanceof Error)) return error
  if (codeOf(error) === canceled && /statement.timeout/.test(error.message)) return tooLong(error)
  if (codeOf(error) === refusedState) return refusal(error)
  if (codeOf(error) === unsafeUse) return tooEarly(error)
  if (codeOf(error) !== '42501') return error
  const { message } = error
  const login = quote(user)
  return permissionDenied({ message, login, statement: rightFor(message, sql, login), cause: error })
}

const canceled = '57014'
const unsafeUse = '55P04'

function tooLong(cause: Error): AludelError {
  return new AludelError('STEP_FAILED', `${cause.message}.`, {
    fix: 'The login has a limit, `statement_timeout`: `statementTimeout` in the configuration sets another one for aludel alone, 0 for none.',
    cause,
  })
}

function refusal(cause: Error & { readonly hint?: unknown }): AludelError {
  const fix = typeof cause.hint === 'string' ? cause.hint : undefined
  return new AludelError('STEP_FAILED', cause.message, { ...(fix === undefined ? {} : { fix }), cause })
}

function tooEarly(cause: Error): AludelError {
  return new AludelError('STEP_FAILED', `${cause.message}.`, {
    fix: 'A new value can be used when what adds it is committed: let a revision of its own add it, before this one, and without --single-transaction.',
    cause,
  })
}

/**
 * Reads it off the server's words, which are all that it says of the object. Undefined where they are others, or of another language.
 * @param sql the statement that was refused
 */
function rightFor(message: string, sql: string, login: string): string | undefined {
  const [, refused, name = ''] = denied.exec(message) ?? []
  const privileges = refused === undefined ? undefined : privilegesOn[refused]?.(sql, name)
  if (refused !== undefined && privileges !== undefined) {
    const object = refused.endsWith('view') ? 'table' : refused
    return `grant ${privileges} on ${object} ${qualified(name, sql)} to ${login}`
  }
  const [, owned, its = ''] = notOwner.exec(message) ?? []
  if (owned === undefined) return undefined
  const kind = owned === 'relation' ? 'table' : owned
  return `alter ${kind} ${qualified(its, sql)} owner to ${login}`
}

const denied =
  /^permission denied for (table|view|materialized view|relation|sequence|schema|database) "?(.+?)"?$/
const notOwner =
  /^must be owner of (table|view|materialized view|relation|sequence|schema|database|type|function) "?(.+?)"?$/

const privilegesOn: Readonly<Record<string, (sql: string, name: string) => string>> = {
  table: onTable,
  view: onTable,
  'materialized view': onTable,
  sequence: (sql) => (/\bsetval\b/i.test(sql) ? 'usage, update' : 'usage'),
  schema: (sql, name) =>
    !/^\s*(?:create|alter)\b/i.test(sql) ? 'usage' : name === 'public' ? 'create' : 'usage, create',
  database: (sql) => (/\btemp/i.test(sql) ? 'temporary' : 'create'),
}

/** A condition reads what it compares. */
function onTable(sql: string): string {
  if (/\breferences\b/i.test(sql)) return 'references'
  const verb = /^\s*(select|insert|update|delete|truncate)\b/i.exec(sql)?.[1]?.toLowerCase()
  if (verb === 'update' || verb === 'delete') return `select, ${verb}`
  if (verb === 'insert' && /\bon\s+conflict\b/i.test(sql)) return 'select, insert, update'
  return verb ?? (/^\s*create\b/i.test(sql) ? 'select' : 'select, insert, update, delete')
}

/** With its schema where the statement says it. */
function qualified(name: string, sql: string): string {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const schema = new RegExp(`("(?:[^"]|"")+"|[a-z_]\\w*)\\."?${escaped}(?![\\w$])`, 'i').exec(sql)?.[1]
  return `${schema === undefined ? '' : `${schema}.`}${quote(name)}`
}
