import type { HistoryPlace } from '../../src/dialect.ts'
import { scratchOn } from '../postgresql/scratch.ts'
import { connectBeside } from './connect.ts'
import { scratch } from './scratch.ts'
import { step } from './step.ts'

/** A database in memory. Opening one takes 2 s, so it lends the scratch place beside it too. */
export function historyPlace<T>(work: (place: HistoryPlace) => Promise<T>): Promise<T> {
  const lock = { table: 'aludel_revision', wait: 0 }
  return scratch((session) =>
    work({
      session,
      step: (mode, run) => step(async () => session, { ...lock, mode }, run),
      scratch: async (build) => scratchOn(await connectBeside(session), build),
    }),
  )
}
