import type { ConnectOptions, HistoryPlace, ScratchServers } from '../../src/dialect.ts'
import { lookedAt } from '../looked-at.ts'
import type { Name } from './name.ts'
import { reachIn } from './reach.ts'
import { scratch } from './scratch.ts'

/** A scratch database. @throws {AludelError} SCRATCH_UNAVAILABLE, also for a statement that would reach beyond it */
export function historyPlace<T>(
  name: Name,
  { url, scratchUrl, ...options }: ScratchServers & ConnectOptions,
  work: (place: HistoryPlace) => Promise<T>,
): Promise<T> {
  return scratch(name, { url: scratchUrl ?? url, ...options }, async (session) => {
    const refuse = await reachIn(session)
    // Nobody else is in it, so there is no lock.
    return work({ session, step: (_mode, run) => lookedAt(session, refuse, run) })
  })
}
