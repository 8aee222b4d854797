/** The configuration's own say in what is written. */
import { isDeepStrictEqual } from 'node:util'
import type { GeneratedRevision, ProcessRevision } from '../config.ts'
import { AludelError } from '../errors.ts'
import { isOperation } from '../operations/all.ts'
import { apply } from '../operations/apply.ts'
import { checkOperation } from '../operations/check-operation.ts'
import type { Operation } from '../operations/operation.ts'
import type { Schema } from '../schema/schema.ts'

/**
 * Lets the hook change a copy. What it leaves out of its answer stays, and an answer of nothing changes nothing.
 * @throws {AludelError} CONFIG_FAILED when the hook throws, or gives what cannot be written
 */
export async function processRevision(
  hook: ProcessRevision,
  given: GeneratedRevision,
): Promise<GeneratedRevision> {
  let answer: unknown
  try {
    answer = await hook(deepFreeze(structuredClone(given)))
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new AludelError('CONFIG_FAILED', `In the configuration processRevision throws: ${said}.`, {
      state: 'Nothing was written.',
      fix: 'Correct `processRevision`; what it is given cannot be changed in place: give back a new object.',
      cause,
    })
  }
  if (answer === undefined) return given
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw invalid('must give a revision, or nothing')
  const values = new Map<string, unknown>(Object.entries(answer))
  for (const [key, value] of values) {
    const isKnown = Object.hasOwn(given, key)
    if (!isKnown) throw invalid(`gives \`${key}\`, which a revision has not`)
    if (!isChangeable(key) && !isDeepStrictEqual(value, new Map(Object.entries(given)).get(key)))
      throw invalid(`cannot change \`${key}\``)
  }
  const message = values.get('message') ?? given.message
  if (typeof message !== 'string' || message.trim() === '') throw invalid('gives no `message`')
  return {
    ...given,
    message,
    upgrade: operationsOf('upgrade', values.get('upgrade') ?? given.upgrade),
    downgrade: operationsOf('downgrade', values.get('downgrade') ?? given.downgrade),
    // The very list that was given, where the hook has no other.
    allowDataLoss: isDeepStrictEqual(values.get('allowDataLoss') ?? given.allowDataLoss, given.allowDataLoss)
      ? given.allowDataLoss
      : namesOf(values.get('allowDataLoss')),
  }
}

/** Where the hook left operations that do not follow from each other, as far as they say what they do: a reader has to put that right. */
export function misfits(
  { upgrade, downgrade }: Pick<GeneratedRevision, 'upgrade' | 'downgrade'>,
  before: Schema,
): readonly string[] {
  let schema = before
  for (const [way, operations] of Object.entries({ upgrade, downgrade })) {
    // What raw SQL changes nobody can tell.
    if (operations.some(({ kind }) => kind === 'execute')) return []
    try {
      schema = operations.reduce(apply, schema)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return [`What processRevision left in \`${way}\` does not fit the rest: ${why}`]
    }
  }
  return []
}

function isChangeable(key: string): boolean {
  return ['message', 'upgrade', 'downgrade', 'allowDataLoss'].includes(key)
}

function operationsOf(key: string, value: unknown): readonly Operation[] {
  if (!Array.isArray(value)) throw invalid(`must give a list of operations as \`${key}\``)
  return value.map((operation: unknown, at): Operation => {
    if (!isOperation(operation)) throw invalid(`gives what is no operation as ${key}[${at}]`)
    try {
      checkOperation(operation)
    } catch (cause) {
      throw invalid(
        `gives as ${key}[${at}] what cannot be written: ${cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause)}`,
      )
    }
    return operation
  })
}

function namesOf(value: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [undefined]
  return names.map((name) => {
    if (typeof name !== 'string') throw invalid('must give a list of names as `allowDataLoss`')
    return name
  })
}

function invalid(how: string): AludelError {
  return new AludelError('CONFIG_FAILED', `In the configuration processRevision ${how}.`, {
    state: 'Nothing was written.',
    fix: 'Correct `processRevision`; README, "Hooks", says what it may give.',
  })
}

/** A hook that changes in place and gives nothing would change nothing, and not know it. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) deepFreeze(each)
    Object.freeze(value)
  }
  return value
}
