import type { HistoryPlace } from '../../src/dialect.ts'
import { lookedAt } from '../looked-at.ts'
import { openMemory } from './connect.ts'
import { refuseFiles } from './reach.ts'
import { step } from './step.ts'

/** In memory. @throws {AludelError} SCRATCH_UNAVAILABLE for a statement that opens a file */
export async function historyPlace<T>(work: (place: HistoryPlace) => Promise<T>): Promise<T> {
  const session = await openMemory()
  const lock = { table: 'aludel_revision', wait: 0 }
  try {
    return await work({
      session,
      step: (_mode, run) =>
        step(
          async () => session,
          lock,
          (inside) => lookedAt(inside, refuseFiles, run),
        ),
    })
  } finally {
    await session.close()
  }
}
