/** What the history alone would build. */
import type { Settings } from '../config.ts'
import { buildHistory } from '../database/build-history.ts'
import { persistently } from '../database/connect.ts'
import type { Dialect, HistoryPlace } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Schema } from '../schema/schema.ts'

export interface PlaceRequest {
  readonly dialect: Dialect
  /** Of the project's database, whose server may lend a place; undefined: it is not to be used. */
  readonly url: string | undefined
}

/**
 * A schema for each stage, as the database says it.
 * @param stages revisions in order; the schema is read after each list
 * @throws {AludelError} NOT_BUILT, SCRATCH_UNAVAILABLE, NOT_SUPPORTED
 */
export function builtHistory(
  settings: Settings,
  request: PlaceRequest,
  stages: readonly (readonly RevisionFile[])[],
): Promise<readonly Schema[]> {
  return inHistoryPlace(settings, request, (place) => buildHistory(request.dialect, place, stages))
}

/** @throws {AludelError} SCRATCH_UNAVAILABLE, NOT_SUPPORTED; whatever `work` throws */
export function inHistoryPlace<T>(
  settings: Settings,
  { dialect, url }: PlaceRequest,
  work: (place: HistoryPlace) => Promise<T>,
): Promise<T> {
  const servers = { url, scratchUrl: settings.scratchUrl }
  return persistently(dialect, settings, async (limits) => {
    const lent = dialect.historyPlace?.(servers, work, limits)
    if (lent) return lent
    throw new AludelError(
      'NOT_SUPPORTED',
      `The dialect ${dialect.name} has no place to build a history in.`,
      {
        state: 'Nothing was changed.',
        fix: 'Compare with the database itself.',
        details: { dialect: dialect.name },
      },
    )
  })
}
