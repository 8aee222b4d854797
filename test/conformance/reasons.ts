/** Where aludel differs from Alembic on purpose: which cases, and why. None is told by its id. */
import { checkRevisionId } from '../../src/revision/name.ts'
import type { Case, Outcome } from './case.ts'

export interface Reason {
  readonly why: string
  /** Whether the reason holds for a case in which the two differ. */
  readonly holds: (recorded: Case, ours: Outcome) => boolean
}

export const reasons: readonly Reason[] = [
  {
    why: 'Alembic itself ends in an internal error.',
    holds: ({ outcome }) => outcome.error?.kind === 'internal',
  },
  {
    why: 'A revision id that aludel refuses, in a file or typed: `a-1`, `head`.',
    holds: ({ revisions, command }, ours) => {
      const typed = { revision: command[command.indexOf('--rev-id') + 1] ?? '' }
      return isAmong(ours, 'illegal-revision-id') && (revisions.some(hasBadId) || hasBadId(typed))
    },
  },
  {
    why: 'A branch label that could not be typed as a target, or means something else there: `x:y`.',
    holds: (_, ours) => isAmong(ours, 'illegal-branch-label'),
  },
  {
    why: 'Two files have one id: Alembic takes the last, with a warning.',
    holds: ({ revisions }, ours) => {
      const ids = revisions.map(({ revision }) => revision)
      return ours.error?.kind === 'duplicate-revision' && new Set(ids).size < ids.length
    },
  },
  {
    why: 'A set has no overlapping or duplicate rows: with each revision all that it needs is applied, and rows that say so twice are no fault.',
    holds: (recorded, ours) =>
      hasRedundant(recorded, recorded.rows) &&
      (!ours.error || isAmong(recorded.outcome, 'overlapping-revisions', 'version-table-mismatch')),
  },
  {
    why: 'A set has no redundant rows: what another row needs is not listed beside it.',
    holds: (recorded, ours) => {
      const rows = recorded.outcome.rows
      return hasRedundant(recorded, rows) && isSame(ends(recorded, rows), ends(recorded, ours.rows))
    },
  },
  {
    why: 'A row that names no revision by its full id is unknown, also where it begins one: Alembic reads such a row but never moves it.',
    holds: ({ rows, revisions }, ours) =>
      isAmong(ours, 'unknown-revision') &&
      (rows ?? []).some((row) => revisions.every(({ revision }) => revision !== row)),
  },
  {
    why: 'A step back from several heads is refused: Alembic warns and takes the row that comes first.',
    holds: ({ command, rows }, ours) =>
      command[0] === 'downgrade' && isAmong(ours, 'ambiguous-current') && (rows ?? []).length > 1,
  },
  {
    why: 'A branch that does not exist is refused: Alembic takes everything back.',
    holds: ({ command, outcome }, ours) =>
      command[0] === 'downgrade' && isAmong(ours, 'unknown-branch') && !outcome.error,
  },
  {
    why: 'A stamp that is refused changes nothing: with --purge Alembic has emptied the table by then.',
    holds: ({ command, outcome }, ours) =>
      command.includes('--purge') && ours.error !== undefined && ours.error.kind === outcome.error?.kind,
  },
  {
    why: 'All that is named is stamped: where one of several goes up and another down, Alembic loses one.',
    holds: (recorded, ours) => {
      const { command, outcome } = recorded
      const [before, after] = [outcome, ours].map(({ rows }) => ends(recorded, rows).length)
      const isMixed = command[0] === 'stamp' && !outcome.error && !ours.error
      return isMixed && command.length > 2 && before !== undefined && after !== undefined && before <= after
    },
  },
  {
    why: 'Nothing is below base: Alembic goes on from the head (`base-1`).',
    holds: ({ command }, ours) =>
      isAmong(ours, 'relative-out-of-range') && command.some((word) => /(?:^|[@:])base-\d/.test(word)),
  },
  {
    why: 'A script may start where all heads are applied: Alembic wants one place.',
    holds: ({ command, outcome }, ours) =>
      command.includes('--sql') &&
      isAmong(outcome, 'multiple-heads') &&
      !ours.error &&
      command.some((word) => word.startsWith('heads:')),
  },
  {
    why: 'A circle through dependencies is a fault for every command: Alembic overlooks some.',
    holds: (_, ours) => isAmong(ours, 'dependency-cycle', 'dependency-self-loop'),
  },
  {
    why: 'An option that means nothing is not there: `revision --sql`.',
    holds: ({ outcome }, ours) => isAmong(outcome, 'sql-revision-nonsense') && isAmong(ours, 'usage'),
  },
  {
    why: 'At all heads is at all heads, also where another revision depends on one of them.',
    holds: ({ command, outcome }, ours) =>
      command.includes('--check-heads') && isAmong(outcome, 'not-at-head') && !ours.error,
  },
]

function isAmong({ error }: Outcome, ...kinds: readonly string[]): boolean {
  return error !== undefined && kinds.includes(error.kind)
}

function hasBadId({ revision }: { readonly revision: string }): boolean {
  try {
    checkRevisionId(revision)
    return false
  } catch {
    return true
  }
}

type Rows = readonly string[] | null | undefined

function hasRedundant(recorded: Case, rows: Rows): boolean {
  return ends(recorded, rows).length < (rows ?? []).length
}

/** The rows that no other row needs, sorted. */
function ends({ revisions }: Case, rows: Rows): readonly string[] {
  const labels = new Map(
    revisions.flatMap((each) => each.branch_labels.map((label) => [label, each.revision])),
  )
  const before = new Map(
    revisions.map(({ revision, down_revision: down, depends_on }) => {
      const needed = depends_on.map((name) => labels.get(name) ?? name)
      return [revision, [...(typeof down === 'string' ? [down] : (down ?? [])), ...needed]]
    }),
  )
  const all = [...new Set(rows)]
  const below = (id: string): Set<string> => {
    const found = new Set(before.get(id))
    for (const each of found) for (const next of before.get(each) ?? []) found.add(next)
    return found
  }
  return all.filter((id) => !all.some((other) => other !== id && below(other).has(id))).sort()
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join()
}
