import type { Revision } from '../../src/graph/graph.ts'

/**
 * It reads a graph from one line an item: `a`, `b<-a`, `d<-b,c`, `e<-d +x` (depends on x), `f<-e @billing` (a label).
 */
export function revisions(...lines: readonly string[]): readonly Revision[] {
  return lines.map((line) => {
    const [, revision = '', parents, rest = ''] = /^(\w+)(?:<-([\w,]+))?((?: [+@]\w+)*)$/.exec(line) ?? []
    const marked = (mark: string) =>
      rest
        .split(' ')
        .filter((word) => word.startsWith(mark))
        .map((word) => word.slice(1))
    return {
      revision,
      downRevision: parents === undefined ? [] : parents.split(','),
      dependsOn: marked('+'),
      branchLabels: marked('@'),
      path: `migrations/${revision}.ts`,
    }
  })
}

/** The code of what a call throws; undefined when it throws nothing. */
export function codeOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
  return undefined
}
