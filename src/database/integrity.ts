/** Whether what a database says was applied is what the files say. */
import { AludelError } from '../errors.ts'
import { type Graph, headsOf } from '../graph/graph.ts'
import { checksum } from '../revision/checksum.ts'
import { readText } from '../revision/files.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { AppliedRevision, LedgerState } from './rows.ts'
import { safe } from './safe.ts'

/** Ids in the ledger that no file has, sorted. */
export interface Surplus {
  /** They follow what the files have, as the ledger tells: newer code applied them. */
  readonly ahead: readonly string[]
  /** Nothing tells where they come from. */
  readonly unknown: readonly string[]
}

export function surplusOf(graph: Graph, { applied }: LedgerState): Surplus {
  const missing = [...applied.values()].filter(({ revision }) => !graph.revisions.has(revision))
  const ahead = new Set<string>()
  for (let before = -1; before < ahead.size;) {
    before = ahead.size
    for (const { revision, downRevision } of missing) {
      const isAhead = (id: string): boolean => ahead.has(id) || (graph.revisions.has(id) && applied.has(id))
      if (downRevision.length > 0 && downRevision.every(isAhead)) ahead.add(revision)
    }
  }
  const ids = missing.map(({ revision }) => revision).sort()
  return { ahead: ids.filter((id) => ahead.has(id)), unknown: ids.filter((id) => !ahead.has(id)) }
}

/** The applied ids that nothing applied follows; what a revision without a file follows, the ledger tells. */
export function appliedHeads(graph: Graph, { applied }: LedgerState): readonly string[] {
  const missing = [...applied.values()].filter(({ revision }) => !graph.revisions.has(revision))
  const followed = new Set(missing.flatMap(({ downRevision }) => downRevision))
  return headsOf(graph, new Set(applied.keys())).filter((id) => !followed.has(id))
}

export interface Edited {
  readonly revision: string
  readonly path: string
  /** The checksum of what was applied. */
  readonly applied: string
  /** The checksum of the file as it is. */
  readonly now: string
}

/** Applied revisions whose file has another content now. A compiled `.js` is not held against the `.ts` that it came from. */
export function editedRevisions(graph: Graph<RevisionFile>, state: LedgerState): readonly Edited[] {
  return [...state.applied.values()].flatMap((applied) => {
    const file = graph.revisions.get(applied.revision)
    if (!file || !sameLanguage(applied, file.path)) return []
    const now = checksum(readText(file.path))
    return now === applied.checksum
      ? []
      : [{ revision: file.revision, path: file.path, applied: safe(applied.checksum), now }]
  })
}

export interface Allowed {
  readonly edited: boolean
  readonly ahead: boolean
}

/** @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD, EDITED_REVISION */
export function verifyState(graph: Graph<RevisionFile>, state: LedgerState, allowed: Allowed): void {
  verifyKnown(graph, state, allowed)
  const edited = allowed.edited ? [] : editedRevisions(graph, state)
  if (edited.length > 0) throw editedRevision(edited)
}

/**
 * As `verifyState`, without a look at the files' contents: at each step of a run that would take too long.
 * @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD
 */
export function verifyKnown(
  graph: Graph,
  state: LedgerState,
  { ahead: allowed }: Pick<Allowed, 'ahead'>,
): void {
  const { ahead, unknown } = surplusOf(graph, state)
  if (unknown.length > 0) throw unknownRevision(unknown)
  if (ahead.length > 0 && !allowed) throw databaseAhead(ahead)
}

/**
 * What newer code applied may have changed whatever this code's own pending revisions were written for.
 * @throws {AludelError} DATABASE_AHEAD when both are there
 */
export function refuseBeside(graph: Graph, applied: Iterable<string>, todo: readonly string[]): void {
  const ahead = [...applied].filter((id) => !graph.revisions.has(id)).sort()
  if (ahead.length === 0 || todo.length === 0) return
  throw databaseAhead(ahead, {
    state: `${todo.length === 1 ? 'Revision' : 'Revisions'} ${list(todo)} of this code would run beside them, which --allow-ahead does not; nothing was changed.`,
    fix: 'Run `aludel upgrade heads` with code that has the files of both.',
  })
}

interface Told {
  readonly state: string
  readonly fix: string
}

function databaseAhead(ahead: readonly string[], told: Told = behindCode): AludelError {
  const count = ahead.length === 1 ? '1 revision' : `${ahead.length} revisions`
  return new AludelError(
    'DATABASE_AHEAD',
    `The database is ahead of this code by ${count} (${list(ahead)}; newer code deployed?).`,
    { ...told, details: { revisions: ahead.map(safe) } },
  )
}

const behindCode: Told = {
  state: 'They follow what this code has, and everything else fits; nothing was changed.',
  fix:
    'Deploy the code that has them, or put their files back. Where this older code is meant to run, as after a rollback: ' +
    '`aludel upgrade --allow-ahead` takes them for done and runs nothing. ' +
    'To take them back by what the ledger keeps of them: `aludel downgrade heads --allow-ahead`. ' +
    'If they are gone for good: `aludel stamp --purge head` forgets them.',
}

function unknownRevision(ids: readonly string[]): AludelError {
  const shown = ids.slice(0, 5).map((id) => `'${safe(id)}'`)
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : ''
  const [name] = ids.filter((id) => /^\w{1,64}$/.test(id))
  const search = name === undefined ? '' : `; \`git log --all -- '*${name}*'\` finds its file, to put it back`
  return new AludelError(
    'UNKNOWN_REVISION',
    `Can't locate revision identified by ${shown.join(', ')}${more}.`,
    {
      state: 'The database says it was applied, but no file here has it; nothing was changed.',
      fix:
        `Newer code deployed? Then run the code that has it${search}. ` +
        'If it is gone for good: `aludel stamp --purge head` forgets what the database says and records every revision up to head as applied, without running any.',
      details: { revisions: ids.map(safe) },
    },
  )
}

function editedRevision(edited: readonly Edited[]): AludelError {
  const [first, ...others] = edited
  const { revision, path, applied, now } = first ?? { revision: '', path: '', applied: '', now: '' }
  const also = others.length === 0 ? '' : ` So were ${list(others.map((each) => each.revision))}.`
  return new AludelError(
    'EDITED_REVISION',
    `Revision ${revision} was changed after it was applied: ${path}.${also}`,
    {
      state: `Applied was ${applied}, the file is ${now}; nothing was changed.`,
      fix:
        'Put the file back and write a new revision for the change. If what the file says now is what the database has: ' +
        `\`aludel accept ${edited.map((each) => each.revision).join(' ')}\`. To go on this once: --allow-edited.`,
      details: { revision, path, applied, now, edited },
    },
  )
}

function list(ids: readonly string[]): string {
  return `${ids.slice(0, 5).map(safe).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`
}

function sameLanguage({ extension }: AppliedRevision, file: string): boolean {
  return /ts$/.test(extension) === /ts$/.test(file)
}
