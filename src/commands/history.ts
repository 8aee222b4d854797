import type { Settings } from '../config.ts'
import { type Graph, bases, heads as headsIn } from '../graph/graph.ts'
import { resolveRevisions } from '../graph/resolve.ts'
import type { RevisionFile } from '../revision/read.ts'
import { readGraph } from './project.ts'

export interface RevisionInfo {
  readonly revision: string
  readonly downRevision: readonly string[]
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  readonly message: string
  readonly createdAt: string | null
  /** Absolute. */
  readonly path: string
  readonly isHead: boolean
  readonly isBase: boolean
  readonly isBranchPoint: boolean
  readonly isMergePoint: boolean
  /** Null when no database was asked. */
  readonly applied: boolean | null
}

/** Every revision, newest first. Asks no database unless `indicateCurrent`. */
export async function history(
  settings: Settings,
  { indicateCurrent }: { readonly indicateCurrent: boolean },
): Promise<readonly RevisionInfo[]> {
  const graph = await readGraph(settings)
  const applied = indicateCurrent ? await appliedIds(settings) : undefined
  return describe(graph, [...graph.revisions.keys()].reverse(), applied)
}

/** The revisions that nothing follows. */
export async function heads(settings: Settings): Promise<readonly RevisionInfo[]> {
  const graph = await readGraph(settings)
  return describe(graph, headsIn(graph))
}

/**
 * The revisions that a target names.
 * @throws {AludelError} UNKNOWN_REVISION, AMBIGUOUS_PREFIX, MULTIPLE_HEADS and their like
 */
export async function show(settings: Settings, target: string): Promise<readonly RevisionInfo[]> {
  const graph = await readGraph(settings)
  return describe(graph, resolveRevisions(graph, target))
}

async function appliedIds(settings: Settings): Promise<ReadonlySet<string>> {
  const { withDatabase } = await import('./database.ts')
  return withDatabase(settings, 'read', async ({ state }) => {
    const { applied } = await state()
    return new Set(applied.keys())
  })
}

function describe(
  graph: Graph<RevisionFile>,
  ids: readonly string[],
  applied?: ReadonlySet<string>,
): readonly RevisionInfo[] {
  const base = new Set(bases(graph))
  return ids.flatMap((id) => {
    const file = graph.revisions.get(id)
    if (!file) return []
    const children = graph.children.get(id)?.length ?? 0
    return [
      {
        revision: id,
        downRevision: file.downRevision,
        dependsOn: file.dependsOn,
        branchLabels: file.branchLabels,
        message: file.message,
        createdAt: file.createdAt ?? null,
        path: file.path,
        isHead: children === 0,
        isBase: base.has(id),
        isBranchPoint: children > 1,
        isMergePoint: file.downRevision.length > 1,
        applied: applied ? applied.has(id) : null,
      },
    ]
  })
}
