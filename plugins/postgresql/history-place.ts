import type { ConnectOptions, HistoryPlace, ScratchServers, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { lookedAt } from '../looked-at.ts'
import { inDedicated, inTransaction, withoutOthers } from './adoption.ts'
import { connect } from './connect.ts'
import { endsTransaction, reachIn } from './reach.ts'
import { scratch } from './scratch.ts'
import { historyInMemory } from './without-server.ts'

type Work<T> = (place: HistoryPlace) => Promise<T>

/**
 * A scratch schema where that is enough, the whole database of `scratchUrl` where that is empty, else PGlite. On a server all is one
 * transaction that is rolled back.
 * @throws {AludelError} SCRATCH_UNAVAILABLE
 */
export async function historyPlace<T>(
  { url, scratchUrl, ...options }: ScratchServers & ConnectOptions,
  work: Work<T>,
): Promise<T> {
  const server = scratchUrl ?? url
  const places = [
    ...(server === undefined ? [] : [() => scratch(server, inSchema(work), options)]),
    ...(scratchUrl === undefined
      ? []
      : [() => inDedicated(() => connect(scratchUrl, options), inDatabase(work))]),
  ]
  let reason: AludelError | undefined
  for (const lend of places) {
    try {
      return await lend()
    } catch (error) {
      if (!(error instanceof AludelError) || error.code !== 'SCRATCH_UNAVAILABLE') throw error
      reason = error
    }
  }
  return historyInMemory(reason, work)
}

function inSchema<T>(work: Work<T>): (session: Session) => Promise<T> {
  return async (session) => {
    const refuse = await reachIn(session)
    await withoutOthers(session)
    return work(placeOn(session, refuse))
  }
}

function inDatabase<T>(work: Work<T>): (session: Session) => Promise<T> {
  return (session) => work(placeOn(session, endsTransaction))
}

/** All steps are in the transaction that is there. */
function placeOn(session: Session, refuse: (sql: string) => void): HistoryPlace {
  return { session, step: (_mode, run) => lookedAt(session, refuse, (looked) => run(inTransaction(looked))) }
}
