import { catalog } from './catalog.ts'
import { sql } from './sql.ts'

/** What a database holds: its schema, the rows of some tables, what the ledger says is applied. */
export interface Snapshot {
  readonly schema: readonly string[]
  /** By table, in a stable order; undefined where there is no such table. */
  readonly rows: Readonly<Record<string, readonly unknown[][] | undefined>>
  readonly applied: readonly unknown[] | undefined
}

/** It reads the rows by columns that are named, so that the order in which columns were added does not matter. */
export async function snapshot(url: string, tables: Readonly<Record<string, string>>): Promise<Snapshot> {
  const read = (query: string) => sql(url, query).catch(() => undefined)
  const rows: Record<string, readonly unknown[][] | undefined> = {}
  for (const [table, columns] of Object.entries(tables)) {
    rows[table] = await read(`select ${columns} from ${table} order by ${columns}`)
  }
  const applied = await read('select revision from aludel_revision order by revision')
  return { schema: await catalog(url), rows, applied: applied?.flat() }
}
