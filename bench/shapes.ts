/** Graphs of forms that people have, and of forms on which a careless algorithm fails. */
import type { Revision } from '../src/graph/revision.ts'

/** Its revisions for a size: about so many revisions or, where they are dense, links. */
export type Shape = (size: number) => readonly Revision[]

export const shapes: Readonly<Record<string, Shape>> = {
  chain: (size) => many(size, (at) => revision(at, at === 0 ? [] : [at - 1])),
  // Two lines of 4 and 5 leave each merge and meet in the next.
  'merge every 10': (size) =>
    many(size, (at) => {
      const [start, step] = [at - (at % 10), at % 10]
      if (at === 0) return revision(at, [])
      if (step === 0) return revision(at, [start - 6, start - 1])
      return revision(at, [step === 5 ? start : at - 1])
    }),
  'children of one base': (size) => many(size, (at) => revision(at, at === 0 ? [] : [0])),
  'merges of a tenth': (size) => {
    const width = size / 10
    return many(size, (at) =>
      at % width === 0
        ? revision(at, at === 0 ? [] : Array.from({ length: width - 1 }, (_, other) => at - 1 - other))
        : revision(at, [at - (at % width)]),
    )
  },
  'criss-cross ladder': (size) =>
    many(size, (at) => revision(at, at < 2 ? [] : [at - (at % 2) - 2, at - (at % 2) - 1])),
  'bases without a link': (size) => many(size, (at) => revision(at, [])),
  'all depend on all': (size) =>
    many(Math.round(Math.sqrt(2 * size)), (at) =>
      revision(
        at,
        [],
        Array.from({ length: at }, (_, other) => other),
      ),
    ),
}

/** In the order of their files' names. */
function many(count: number, make: (at: number) => Revision): readonly Revision[] {
  return Array.from({ length: count }, (_, at) => make(at)).sort((a, b) => (a.revision < b.revision ? -1 : 1))
}

function revision(at: number, parents: readonly number[], dependencies: readonly number[] = []): Revision {
  const [downRevision, dependsOn] = [parents.map(id), dependencies.map(id)]
  return { revision: id(at), downRevision, dependsOn, branchLabels: [], path: `migrations/${id(at)}.ts` }
}

/** Twelve hexadecimal digits in no order, as ids are. */
function id(at: number): string {
  return (Math.imul(at + 1, 2_654_435_761) >>> 0).toString(16).padStart(12, '0')
}
