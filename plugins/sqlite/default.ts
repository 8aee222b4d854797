/** Defaults as SQLite takes them. */
import type { DefaultValue } from '../../src/schema/schema.ts'
import { literal } from './literal.ts'
import { closing, is, type Token, tokenize } from './tokens.ts'

/** An expression gets the brackets that SQLite wants around it and takes away when it lists it. */
export function defaultWords(value: DefaultValue): string {
  const sql = typeof value === 'object' ? portable(value.sql) : literal(value)
  const tokens = tokenize(sql)
  const bracketed = is(tokens[0], '(') && closing(tokens, 0) === tokens.length
  return bracketed || isTerm(tokens) ? sql : `(${sql})`
}

/** Tells whether rows that exist can be given the default by `add column`: it is no expression, nor the time. */
export function isConstant(value: DefaultValue): boolean {
  const words = defaultWords(value)
  return isTerm(tokenize(words)) && !/^current_/i.test(words)
}

/** The time of now as a server's history writes it, so that the history runs here too. */
function portable(sql: string): string {
  return /^(?:now\(\)|current_timestamp\(\d*\))$/i.test(sql) ? 'current_timestamp' : sql
}

/** A number with its sign, a string, a word, a quoted name: what `default` takes without brackets. */
function isTerm(tokens: readonly Token[]): boolean {
  const [first, ...rest] = tokens
  if (is(first, '-') || is(first, '+')) return rest.length === 1 && rest[0]?.kind === 'number'
  return rest.length === 0 && first !== undefined && first.kind !== 'symbol'
}
