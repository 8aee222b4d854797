/** What can be wrong with revisions before they make a graph: each fault with its files, and what to do next. */
import { AludelError, type ErrorCode } from '../errors.ts'
import type { Revision } from './revision.ts'

interface Draft {
  /** In the order of ids; of several with one id the first. */
  readonly revisions: ReadonlyMap<string, Revision>
  /** Those that have an id that another has. */
  readonly copies: readonly Revision[]
  /** Revision id by branch label; of several with one label the first. */
  readonly labels: ReadonlyMap<string, string>
}

/** How many faults are told in full. */
const most = 5

/**
 * Refuses revisions that say of themselves or of each other what cannot be. Several faults are told by one error: the first.
 * @throws {AludelError} SELF_LOOP, DEPENDENCY_SELF_LOOP, DUPLICATE_REVISION, DUPLICATE_BRANCH_LABEL, MISSING_REFERENCED_REVISION
 */
export function refuseFaults(files: readonly Revision[]): void {
  const faults = faultsOf(draftOf(files))
  const [first, ...others] = faults.slice(0, most).map((tell) => tell())
  if (!first) return
  if (others.length === 0) throw first
  const shown = [first, ...others]
  const more = faults.length > most ? ` There are ${faults.length - most} more faults.` : ''
  throw new AludelError(first.code, `${shown.map(({ message }) => message).join(' ')}${more}`, {
    fix: shown.map(({ fix }) => fix).join(' '),
    details: {
      ...first.details,
      faults: shown.map(({ code, message, fix, details }) => ({ code, message, fix, details })),
    },
  })
}

/** In an order that nothing but ids and paths decides. */
function draftOf(files: readonly Revision[]): Draft {
  const revisions = new Map<string, Revision>()
  const labels = new Map<string, string>()
  const copies: Revision[] = []
  for (const file of files.toSorted(byIdAndPath)) {
    if (revisions.has(file.revision)) copies.push(file)
    else revisions.set(file.revision, file)
    for (const label of file.branchLabels) if (!labels.has(label)) labels.set(label, file.revision)
  }
  return { revisions, copies, labels }
}

function byIdAndPath(a: Revision, b: Revision): number {
  return compare(a.revision, b.revision) || compare(a.path ?? '', b.path ?? '')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function faultsOf(draft: Draft): readonly (() => AludelError)[] {
  const { revisions, copies, labels } = draft
  const loops: (() => AludelError)[] = []
  const doubles = copies.map((copy) => () => duplicateRevision(revisions.get(copy.revision) ?? copy, copy))
  const absent: (() => AludelError)[] = []
  for (const revision of revisions.values()) {
    const { revision: id, downRevision, dependsOn, branchLabels } = revision
    for (const name of downRevision) {
      if (name === id) loops.push(() => selfLoop('SELF_LOOP', revision))
      else if (!revisions.has(name)) absent.push(() => missing('downRevision', name, revision, draft))
    }
    for (const name of dependsOn) {
      if (name === id) loops.push(() => selfLoop('DEPENDENCY_SELF_LOOP', revision))
      else if (!labels.has(name) && !revisions.has(name))
        absent.push(() => missing('dependsOn', name, revision, draft))
    }
    for (const [at, label] of branchLabels.length > 0 ? branchLabels.entries() : []) {
      const taken = revisions.get(label) ?? revisions.get(labels.get(label) ?? id)
      const isOwn = taken === revision && label !== id && branchLabels.indexOf(label) === at
      if (taken && !isOwn) doubles.push(() => duplicateLabel(label, revision, taken))
    }
  }
  return [...loops, ...doubles, ...absent]
}

function selfLoop(code: ErrorCode, revision: Revision): AludelError {
  const [constant, does] = code === 'SELF_LOOP' ? ['downRevision', 'follows'] : ['dependsOn', 'depends on']
  const { path, revision: id } = revision
  return new AludelError(code, `Revision ${named(revision)} ${does} itself.`, {
    fix: `Correct its \`${constant}\`; \`git log -p -- ${named(revision)}\` shows what stood there.`,
    details: { revision: id, files: [path] },
  })
}

function duplicateRevision(one: Revision, other: Revision): AludelError {
  return new AludelError(
    'DUPLICATE_REVISION',
    `Two files have the revision id ${one.revision}: ${named(one)} and ${named(other)}.`,
    {
      fix: 'Remove the one that is a copy, or give it another id (file name, `revision`, and the `downRevision` of what follows it).',
      details: { revision: one.revision, files: [one.path, other.path] },
    },
  )
}

function duplicateLabel(label: string, of: Revision, taken: Revision): AludelError {
  const how =
    taken.revision === label
      ? `is the id of revision ${named(taken)}`
      : taken === of
        ? 'stands there twice'
        : `is already used by revision ${named(taken)}`
  return new AludelError('DUPLICATE_BRANCH_LABEL', `Branch label ${label} of ${named(of)} ${how}.`, {
    fix: `Take it out of \`branchLabels\` of ${named(of)}, or write another label there.`,
    details: { label, revision: of.revision, files: [of.path, taken.path] },
  })
}

function missing(
  constant: 'downRevision' | 'dependsOn',
  name: string,
  from: Revision,
  draft: Draft,
): AludelError {
  const { id, why } = meant(name, draft)
  const does = constant === 'downRevision' ? 'follows' : 'depends on'
  return new AludelError(
    'MISSING_REFERENCED_REVISION',
    `Revision ${named(from)} ${does} ${name}, which ${why}.`,
    {
      fix:
        id === undefined
          ? `Put the file of ${name} back (git log --all -- '*${name}*' finds it), or correct \`${constant}\` of ${named(from)}.`
          : `Write '${id}' in \`${constant}\` of ${named(from)}.`,
      details: { revision: from.revision, missing: name, meant: id ?? null, files: [from.path] },
    },
  )
}

/** A file names whole ids, and no label as a parent. What is none may be the beginning of one, or be written in other letters. */
function meant(name: string, { revisions, labels }: Draft): { readonly id?: string; readonly why: string } {
  const tell = (id: string): string => [id, revisions.get(id)?.path ?? []].flat().join(', ')
  const labelled = labels.get(name)
  if (labelled !== undefined)
    return { id: labelled, why: `is no id but a branch label (of ${tell(labelled)})` }
  const typed = name.trim().toLowerCase()
  const [id, second] = [...revisions.keys()].filter((each) => each.toLowerCase().startsWith(typed))
  if (typed === '' || id === undefined || second !== undefined) return { why: 'is in no file' }
  return {
    id,
    why: `${id.length === typed.length ? 'is written otherwise' : 'is only the beginning of an id'} (${tell(id)})`,
  }
}

/** A revision as a message names it: its file. */
function named(revision: Revision): string {
  return revision.path ?? revision.revision
}
