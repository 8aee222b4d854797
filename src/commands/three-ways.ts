/** Entities, history and database, two by two. Pure. */
import type { Capabilities } from '../dialect.ts'
import { objectOf } from '../operations/describe.ts'
import { diff } from '../operations/diff.ts'
import type { Operation } from '../operations/operation.ts'
import type { Schema } from '../schema/schema.ts'
import { creating, missingObjects } from './other-objects.ts'
import { applyRename, caseRenames, renameOperations } from './rename.ts'
import { inLettersOf } from './same-letters.ts'

export type Party = 'entities' | 'history' | 'database'

export interface Difference {
  readonly kind: Operation['kind']
  /** `users.email` */
  readonly object: string
  readonly between: readonly ['entities' | 'history', 'database'] | readonly ['entities', 'history']
  /** Which of the three the other two are not; `all`: no two agree. Left out: it is not known. */
  readonly off?: Party | 'all'
  /** What would make the second of `between` what the first is. */
  readonly operation: Operation
}

/** What would make the one what the other is, in each pair. */
export interface Ways {
  /** The database what the entities want. */
  readonly wanted: readonly Operation[]
  /** The database what the applied revisions make; undefined: nobody knows. */
  readonly made: readonly Operation[] | undefined
  /** What all revisions make what the entities want. */
  readonly missing: readonly Operation[] | undefined
  /** The same of the applied ones alone: what only pending revisions change is nobody's fault. */
  readonly missingNow: readonly Operation[] | undefined
}

/** Each object that differs, with who is off. */
export function threeWays({ wanted, made, missing, missingNow }: Ways): readonly Difference[] {
  if (!made || !missing || !missingNow)
    return wanted.map((operation) => between(['entities', 'database'], operation))
  const isIn = (list: readonly Operation[], one: Operation): boolean =>
    list.some((other) => isAbout(objectOf(one), objectOf(other)))
  return [
    ...wanted.map((operation) => {
      const [isDrift, isMissing] = [isIn(made, operation), isIn(missing, operation)]
      if (isDrift && !isMissing) return between(['history', 'database'], operation, 'database')
      // Where the history makes what the entities want, revisions are pending.
      const off = isDrift ? 'all' : isMissing ? 'entities' : 'database'
      return between(['entities', 'database'], operation, off)
    }),
    ...missing
      .filter((operation) => !isIn(wanted, operation) && isIn(missingNow, operation))
      .map((operation) => between(['entities', 'history'], operation, 'history')),
    ...made
      .filter((operation) => !isIn(wanted, operation) && !isIn(missing, operation))
      .map((operation) => between(['history', 'database'], operation, 'database')),
  ]
}

/** Of a database against what its history makes. */
export function driftDifferences(made: readonly Operation[]): readonly Difference[] {
  return made.map((operation) => between(['history', 'database'], operation, 'database'))
}

/** The operations that make one of the other; what is only written in other letters is renamed. */
export function way(from: Schema, to: Schema, capabilities: Capabilities): readonly Operation[] {
  const renames: Operation[] = []
  let renamed = inLettersOf(to, from, capabilities.caseless)
  for (const rename of caseRenames(capabilities.caseless, from, to)) {
    renames.push(...renameOperations(rename, renamed))
    renamed = applyRename(renamed, rename)
  }
  return [...renames, ...diff(renamed, to, capabilities), ...creating(missingObjects(from, to))]
}

function between(pair: Difference['between'], operation: Operation, off?: Difference['off']): Difference {
  const { kind } = operation
  return {
    kind,
    object: objectOf(operation),
    between: pair,
    ...(off === undefined ? {} : { off }),
    operation,
  }
}

/** The same object, or one that has the other. */
function isAbout(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)
}
