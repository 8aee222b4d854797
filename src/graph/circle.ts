/** Revisions that wait for each other. */
import { AludelError } from '../errors.ts'
import type { Revision } from './revision.ts'
import { type Links, byId } from './links.ts'
import { order } from './order.ts'

type Revisions = ReadonlyMap<string, Revision>

export interface Linked {
  readonly files: readonly Revision[]
  /** Revision id by branch label. */
  readonly labels: ReadonlyMap<string, string>
  readonly links: Links
}

/**
 * It tells one circle among revisions that cannot all be ordered: one of the lineage where there is one, else one that a dependency
 * closes. From its smallest id on, each before the one that waits for it.
 * @param sorted the numbers that can be ordered
 */
export function circle({ files, labels, links }: Linked, sorted: readonly number[]): AludelError {
  const revisions = new Map(files.map((file) => [file.revision, file]))
  const parents = (id: string): readonly string[] => revisions.get(id)?.downRevision ?? []
  const lineage = without(files, order({ children: links.children, dependents: [] }, byId(files)))
  if (lineage.size > 0) return lineageCircle(revisions, findCircle(lineage, parents))
  const dependencies = (id: string): readonly string[] =>
    (revisions.get(id)?.dependsOn ?? []).map((name) => labels.get(name) ?? name)
  const found = findCircle(without(files, sorted), (id) => [...parents(id), ...dependencies(id)])
  return dependencyCircle(revisions, found)
}

/** In the order of ids, so that the same circle is told on every machine. */
function without(files: readonly Revision[], numbers: readonly number[]): ReadonlySet<string> {
  const left = new Set(files.map(({ revision }) => revision).sort())
  for (const at of numbers) left.delete(files[at]?.revision ?? '')
  return left
}

/** Walks back among ids that each wait for another one of them, until one comes twice. */
function findCircle(
  among: ReadonlySet<string>,
  before: (id: string) => readonly string[],
): readonly string[] {
  const walked = new Set<string>()
  let [at] = among
  while (at !== undefined && !walked.has(at)) {
    walked.add(at)
    at = before(at).find((id) => among.has(id))
  }
  const back = [...walked]
  const found = back.slice(at === undefined ? 0 : back.indexOf(at)).reverse()
  const first = found.indexOf(found.reduce((least, id) => (id < least ? id : least)))
  return [...found.slice(first), ...found.slice(0, first)]
}

function lineageCircle(revisions: Revisions, ids: readonly string[]): AludelError {
  const { text, files, log, details } = tell(revisions, ids)
  return new AludelError('CYCLE', `The revisions follow each other in a circle: ${text} (${files}).`, {
    fix: `Correct \`downRevision\` of the one that is to come first; ${log}`,
    details,
  })
}

function dependencyCircle(revisions: Revisions, ids: readonly string[]): AludelError {
  const { text, files, log, details } = tell(revisions, ids)
  const dependencies = ids.flatMap((id, at) => {
    const before = ids.at(at - 1) ?? id
    const isParent = revisions.get(id)?.downRevision.includes(before) ?? false
    return isParent ? [] : [{ revision: id, dependsOn: before }]
  })
  const why = dependencies.map(({ revision, dependsOn }) => `${revision} depends on ${dependsOn}`)
  return new AludelError(
    'DEPENDENCY_CYCLE',
    `The revisions wait for each other in a circle: ${text}, as ${short(why).join(' and ')} (${files}).`,
    {
      fix: `Take one of these out of \`dependsOn\`; ${log}`,
      details: { ...details, dependencies },
    },
  )
}

function tell(revisions: Revisions, ids: readonly string[]) {
  const files = ids.map((id) => revisions.get(id)?.path)
  const names = ids.map((id, at) => files[at] ?? id)
  return {
    text: [...short(ids), ids[0]].join(' -> '),
    files: short(names).join(', '),
    log: `\`git log -p -- ${names.slice(0, 3).join(' ')}\` shows what stood there.`,
    details: { cycle: [...ids, ...ids.slice(0, 1)], files },
  }
}

/** The two ends of a long list. */
function short(list: readonly string[]): readonly string[] {
  return list.length <= 12 ? list : [...list.slice(0, 6), '…', ...list.slice(-5)]
}
