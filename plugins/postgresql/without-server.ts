/** PGlite, the place of last resort. It is loaded only here. */
import type { ConnectOptions, HistoryPlace, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { scratch } from './scratch.ts'

/** Why nothing better is to be had; undefined: no server is to be used. */
type Reason = AludelError | undefined

/** A scratch schema; in PGlite where there is no server, or one that lends none. @throws {AludelError} SCRATCH_UNAVAILABLE */
export async function scratchAnywhere<T>(
  url: string | undefined,
  work: (session: Session) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> {
  if (url === undefined) return inMemory(undefined, work)
  let begun = false
  try {
    return await scratch(
      url,
      (session) => {
        begun = true
        return work(session)
      },
      options,
    )
  } catch (error) {
    const isRefused = error instanceof AludelError && error.code === 'SCRATCH_UNAVAILABLE'
    if (begun || !isRefused) throw error
    return inMemory(error, work)
  }
}

/** An empty database in memory. @throws {AludelError} SCRATCH_UNAVAILABLE where PGlite is not installed */
function inMemory<T>(reason: Reason, work: (session: Session) => Promise<T>): Promise<T> {
  return orUnavailable(reason, async () => (await import('../pglite/scratch.ts')).scratch(work))
}

/** The same for a history. @throws {AludelError} SCRATCH_UNAVAILABLE where PGlite is not installed */
export function historyInMemory<T>(reason: Reason, work: (place: HistoryPlace) => Promise<T>): Promise<T> {
  return orUnavailable(reason, async () => (await import('../pglite/history-place.ts')).historyPlace(work))
}

async function orUnavailable<T>(reason: Reason, lend: () => Promise<T>): Promise<T> {
  try {
    return await lend()
  } catch (error) {
    if (!(error instanceof AludelError) || error.code !== 'PGLITE_MISSING') throw error
    throw unavailable(reason, error)
  }
}

function unavailable(reason: Reason, missing: AludelError): AludelError {
  const install = missing.fix ?? 'npm install @electric-sql/pglite'
  if (!reason) {
    return new AludelError(
      'SCRATCH_UNAVAILABLE',
      `Without a server PostgreSQL is built in PGlite. ${missing.message}`,
      {
        state: 'Nothing was changed.',
        fix: `${install}, or set \`scratchUrl\` in the configuration to an empty database on a server.`,
        cause: missing,
      },
    )
  }
  const { message, state, fix, details } = reason
  return new AludelError('SCRATCH_UNAVAILABLE', message, {
    ...(state === undefined ? {} : { state }),
    fix: `${fix === undefined ? '' : `${fix} `}Or let it be built in PGlite: ${install}.`,
    details,
    cause: reason,
  })
}
