/** The history in the place of the database. */
import type { Settings } from '../config.ts'
import { buildHistory } from '../database/build-history.ts'
import type { Dialect } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Compared } from './compare.ts'
import { inHistoryPlace } from './built-history.ts'
import { toldSafely } from './database.ts'

/**
 * Builds the whole history without a database of the project's, and lends what it made as if it were that database.
 * @throws {AludelError} URL_MISSING when nothing says the dialect; NOT_BUILT, SCRATCH_UNAVAILABLE, NOT_SUPPORTED
 */
export async function withHistory<T>(
  settings: Settings,
  graph: Graph<RevisionFile>,
  work: (made: Compared) => Promise<T>,
): Promise<T> {
  const dialect = await dialectOf(settings)
  try {
    return await inHistoryPlace(settings, { dialect, url: undefined }, async (place) => {
      await buildHistory(dialect, place, [[...graph.revisions.values()]])
      const { scratch } = place
      const beside: Dialect = scratch ? { ...dialect, scratch: (_url, build) => scratch(build) } : dialect
      return work({ dialect: beside, url: undefined, connect: async () => place.session })
    })
  } catch (error) {
    throw await toldSafely(dialect, error)
  }
}

/** Only the dialect is asked for, which a URL may tell. */
async function dialectOf(settings: Settings): Promise<Dialect> {
  try {
    return await settings.dialect()
  } catch (error) {
    if (!(error instanceof AludelError) || error.code !== 'URL_MISSING') throw error
    throw new AludelError('URL_MISSING', 'Neither `dialect` nor a URL says which database is meant.', {
      state: 'Nothing was written.',
      fix: "Set `dialect` in the configuration, as in `dialect: 'postgresql'`, or give --dialect.",
      details: error.details,
      cause: error,
    })
  }
}
