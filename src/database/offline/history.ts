/** The shapes of tables where no database can be asked, as the history makes them. */
import type { Dialect, Draft } from '../../dialect.ts'
import type { Graph } from '../../graph/graph.ts'
import { madeBy } from '../../operations/drops.ts'
import type { Recorded } from '../../operations/record.ts'
import { loadRevision } from '../../revision/load.ts'
import type { RevisionFile } from '../../revision/read.ts'
import { emptySchema } from '../../schema/schema.ts'
import { type ShapeFor, recordOnly } from '../recording.ts'
import { paperDraft } from './paper.ts'

export interface History {
  readonly shapeFor: ShapeFor
  /**
   * Adds what a step does.
   * @param failed makes the error that is thrown when that cannot be
   */
  add(recorded: readonly Recorded[], failed: (error: unknown, stack: string) => unknown): void
  close(): Promise<void>
}

export interface HistoryOptions {
  readonly dialect: Dialect
  readonly graph: Graph<RevisionFile>
  /** Ids applied before the first step. */
  readonly start: ReadonlySet<string>
}

/** Runs and reads nothing before a shape is asked for. */
export function openHistory({ dialect, graph, start }: HistoryOptions): History {
  let draft: Draft | undefined
  const waiting: (() => Promise<void>)[] = []
  const opened = async (): Promise<Draft> => {
    if (draft) return draft
    draft = dialect.draft ? await dialect.draft() : paperDraft()
    for (const file of graph.revisions.values())
      if (start.has(file.revision)) await replay(dialect, draft, file)
    return draft
  }
  return {
    shapeFor: async (operations) => {
      const tables = dialect.reads(operations)
      const looked = (dialect.looksAt?.(operations) ?? []).filter((name) => !tables.includes(name))
      if (tables.length + looked.length === 0) return emptySchema
      const found = await opened()
      for (const work of waiting.splice(0)) await work()
      // One that they make themselves need not be there before.
      const made = new Set(madeBy(operations))
      const shapes = [await found.shape(tables.filter((table) => !made.has(table)))]
      for (const name of [...tables.filter((each) => made.has(each)), ...looked])
        shapes.push(await found.shape([name]).catch(() => emptySchema))
      return {
        tables: joined(shapes.map((shape) => shape.tables)),
        views: joined(shapes.map((shape) => shape.views ?? {})),
        enums: joined(shapes.map((shape) => shape.enums ?? {})),
      }
    },
    add: (recorded, failed) => {
      const work = async (): Promise<void> => {
        const found = await opened()
        for (const { operation, stack } of recorded)
          await found.run(operation).catch((error: unknown) => {
            throw failed(error, stack)
          })
      }
      waiting.push(work)
    },
    close: async () => draft?.close(),
  }
}

function joined<T>(records: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)))
}

/** A revision before the first step: what cannot be told of it is only unknown. */
async function replay(dialect: Dialect, draft: Draft, file: RevisionFile): Promise<void> {
  const { upgrade, source } = await loadRevision(file)
  const told = await recordOnly(dialect, upgrade, { results: 'unread' }).catch(() => undefined)
  for (const operation of told?.operations ?? [])
    await draft.run(operation).catch(() => draft.forget(JSON.stringify(operation)))
  if (!told || told.dynamic) await draft.forget(source)
}
