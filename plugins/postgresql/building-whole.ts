import type { Session } from '../../src/dialect.ts'
import { builtIndex, indexState } from './effect.ts'

/** Runs a statement outside of a transaction. An index that it could only build in part is there before it no more, nor after it. */
export async function buildingWhole<T>(session: Session, sql: string, send: () => Promise<T>): Promise<T> {
  const index = builtIndex(sql)
  if (index !== undefined && (await indexState(session, index)) === 'invalid')
    await dropInvalid(session, index)
  try {
    return await send()
  } catch (error) {
    if (index === undefined || session.closed || (await indexState(session, index)) !== 'invalid') throw error
    const dropped = await dropInvalid(session, index).then(
      () => true,
      () => false,
    )
    if (!dropped && error instanceof Error) {
      error.message += `; the index ${index} is left invalid, and is built anew by the next run`
    }
    throw error
  }
}

/** Not concurrently: that would wait for every transaction that is open, and who is stopped has no time. */
async function dropInvalid(session: Session, index: string): Promise<void> {
  await session
    .simple(`begin; set local lock_timeout = '1s'; drop index if exists ${index}; commit`)
    .catch(async (error: unknown) => {
      await session.simple('rollback')
      throw error
    })
}
