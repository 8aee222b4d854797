/** How far a step came whose statements are committed one by one, so that a later run can go on from there. */
import { createHash } from 'node:crypto'
import type { Schema } from '../schema/schema.ts'

export interface Position {
  /** How many statements are committed. */
  readonly statement: number
  readonly proof: Proof
  /** The statement that was sent last, unless its end was noted. */
  readonly running?: RunningText
  /** What the first statements were compiled against; undefined before the first of them. */
  readonly shape?: Schema
}

/**
 * What shows that the revision still begins with the statements that are committed. `hash`: sha256 over them, in order. `person`: someone
 * has said how many are. `none`: data were changed among them, by queries that cannot be left out of a second run.
 */
export type Proof = { readonly kind: 'hash'; readonly hash: string } | { readonly kind: 'person' | 'none' }

export interface RunningText {
  /** Without passwords. */
  readonly sql: string
  readonly hash: string
  /** What stood where it works before it ran; undefined where the database cannot tell. */
  readonly effect?: string
}

export const start: Position = { statement: 0, proof: { kind: 'hash', hash: '' } }

/** Nothing of the step was done, and that is known. */
export function isFresh({ statement, proof, running }: Position): boolean {
  return statement === 0 && running === undefined && proof.kind !== 'none'
}

/** The position after one more statement was committed. */
export function advance({ statement, proof, shape }: Position, sql: string): Position {
  return {
    statement: statement + 1,
    proof: proof.kind === 'hash' ? { kind: 'hash', hash: hashOf(proof.hash + sql) } : proof,
    ...(shape === undefined ? {} : { shape }),
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Whether a step that got so far can go on with these statements, of which the first are committed. */
export function fits({ statement, proof }: Position, statements: readonly string[]): boolean {
  if (statements.length < statement || proof.kind === 'none') return false
  if (proof.kind === 'person') return true
  const hash = statements.slice(0, statement).reduce((chain, sql) => hashOf(chain + sql), '')
  return proof.kind === 'hash' && hash === proof.hash
}

/** The position that a person vouches for; what was known of it for sure stays so. */
export function judge(position: Position, statement: number): Position {
  const { running, ...known } = position
  if (statement === 0) return start
  if (statement === known.statement || known.proof.kind === 'none') return { ...known, statement }
  const isRunning = statement === known.statement + 1 && running && hashOf(running.sql) === running.hash
  if (isRunning) return advance(known, running.sql)
  return { ...known, statement, proof: { kind: 'person' } }
}

/** All of it but the number and the shape, as the journal keeps it. */
export function positionText({ proof, running }: Position): string {
  return JSON.stringify({ proof, ...(running === undefined ? {} : { running }) })
}

/** What stands in a journal is data: what aludel never wrote proves nothing. */
export function positionOf(statement: number, text: string | null, shape: string | null): Position {
  if (statement === 0 && text === null) return start
  if (!Number.isInteger(statement) || statement < 0) return { statement: 0, proof: { kind: 'none' } }
  const { proof, running } = record(parse(text))
  const known = shape === null ? undefined : parse(shape)
  return {
    statement,
    proof: proofOf(record(proof)),
    ...runningOf(record(running)),
    ...(isSchema(known) ? { shape: known } : {}),
  }
}

function proofOf({ kind, hash }: Readonly<Record<string, unknown>>): Proof {
  if (kind === 'hash' && typeof hash === 'string') return { kind, hash }
  return { kind: kind === 'person' ? kind : 'none' }
}

function runningOf({ sql, hash, effect }: Readonly<Record<string, unknown>>): Pick<Position, 'running'> {
  if (typeof sql !== 'string' || typeof hash !== 'string') return {}
  return { running: { sql, hash, ...(typeof effect === 'string' ? { effect } : {}) } }
}

function isSchema(value: unknown): value is Schema {
  const { tables } = record(value)
  const all = typeof tables === 'object' && tables !== null && Object.values(tables)
  return all && all.every((table) => Array.isArray(record(table)['columns']))
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
