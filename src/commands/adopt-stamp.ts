/** What another tool's own table says is applied, for the ledger. */
import type { Settings } from '../config.ts'
import { verifyKnown } from '../database/integrity.ts'
import { lockRequest } from '../database/lock.ts'
import { noteDone } from '../database/note.ts'
import type { MigrationHistory } from '../dialect.ts'
import { runContext, type Database } from './database.ts'
import { type Caller, readGraph } from './project.ts'
import { recordApplied } from './stamp.ts'

/** Names in the order in which they were applied; none where the table is not there. */
export async function appliedNames(
  { dialect, connect }: Database,
  { schema, name }: MigrationHistory['table'],
): Promise<readonly string[]> {
  const session = await connect()
  const table = schema === undefined ? dialect.quote(name) : dialect.quote(schema, name)
  try {
    const rows = await session.query<{ readonly name: string }>(`select name from ${table} order by id`)
    // MikroORM 5 wrote some with their extension.
    return [...new Set(rows.map((row) => row.name.replace(/\.[jt]s$/, '')))]
  } catch (error) {
    if (dialect.isMissingTable(error)) return []
    throw error
  }
}

/**
 * Records exactly these as applied, and nothing that they follow. One of which the journal knows anything is aludel's own by now,
 * whatever the other tool's table says: it may have been taken back.
 * @returns those that were not recorded before
 */
export async function stampAdopted(
  settings: Settings,
  database: Database,
  ids: readonly string[],
  caller: Caller,
): Promise<readonly string[]> {
  const { dialect, ledger, connect } = database
  const outside = await database.state()
  if (ids.every((id) => outside.applied.has(id))) return []
  const graph = await readGraph(settings)
  const context = runContext(settings, database, graph, outside, caller)
  return dialect.step(connect, lockRequest(context), async (session) => {
    if (!outside.exists) await ledger.create(session)
    const found = await ledger.read(session)
    verifyKnown(graph, found, { ahead: false })
    const known = new Set((await ledger.entries(session, everything)).map(({ revision }) => revision))
    const files = [...graph.revisions.values()].filter(
      ({ revision }) => ids.includes(revision) && !found.applied.has(revision) && !known.has(revision),
    )
    if (!dialect.capabilities.transactionalDdl) await session.simple('start transaction')
    for (const file of files) {
      await recordApplied(context, session, file)
      await noteDone(context, session, { revision: file.revision, direction: 'stamp' })
    }
    if (!dialect.capabilities.transactionalDdl) await session.simple('commit')
    return files.map(({ revision }) => revision)
  })
}

const everything = 1_000_000
