/** The database against what its history alone would build. */
import type { Settings } from '../config.ts'
import type { Operation } from '../operations/operation.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Schema, emptySchema } from '../schema/schema.ts'
import { builtHistory } from './built-history.ts'
import { type Compared, withoutTables } from './compare.ts'
import { historySchema, noHistory } from './history-schema.ts'
import { type Unmanaged, divide } from './ours.ts'
import { filterSchema } from '../schema/filter.ts'
import { way } from './three-ways.ts'

export interface Drift {
  /** What would make the database what its history makes. */
  readonly operations: readonly Operation[]
  /** What no revision made; no drift. */
  readonly unmanaged: readonly Unmanaged[]
}

/**
 * Reads no entities.
 * @param applied in order
 * @throws {AludelError} NOT_BUILT, SCRATCH_UNAVAILABLE, NOT_SUPPORTED
 */
export async function drift(
  settings: Settings,
  database: Compared,
  applied: readonly RevisionFile[],
): Promise<Drift> {
  const { dialect } = database
  const [made = emptySchema] = await builtHistory(settings, database, [applied])
  const schemas = (made.schemas ?? []).map((name) => ({ name, at: name }))
  const found = await dialect.reflect(await database.connect(), schemas.length > 0 ? { schemas } : {})
  const { revisionTable, journalTable } = settings.ledger
  const looked = (schema: Schema): Schema =>
    filterSchema(schema, settings.filter, {
      side: 'database',
      qualified: dialect.capabilities.schemas ?? false,
    })
  const [live, wanted] = [looked(withoutTables(found, [revisionTable, journalTable])), looked(made)]
  const hasExtensions = live.others?.some(({ kind }) => kind === 'extension') ?? false
  const told = hasExtensions ? await historySchema(dialect, applied) : noHistory
  const claims = { wanted, history: { ...told, built: wanted }, owns: settings.owns, renames: [] }
  const { ours, unmanaged } = divide(live, claims)
  return { operations: way(ours, wanted, dialect.capabilities), unmanaged }
}
