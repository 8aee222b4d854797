/** The statements of a step of which no journal is kept: it is one transaction, or only tried. */
import type { Dialect, Session } from '../dialect.ts'
import type { CheckConsent } from './consent.ts'
import { checkFilled } from './filled.ts'
import { type Carrier, type Progress, compileBatch, countDone, noted, readShape } from './statements.ts'

export interface Transactional {
  readonly dialect: Dialect
  readonly session: Session
  readonly progress: Progress
  readonly checkConsent: CheckConsent
  /** Not so for a history that is only tried, where the database or the revision has none. */
  readonly inTransaction: boolean
}

export function transactional({
  dialect,
  session,
  progress,
  checkConsent,
  inTransaction,
}: Transactional): Carrier {
  return {
    operations: async (batch, options) => {
      const shape = await readShape(dialect, session, batch)
      const asked = await compileBatch(dialect, batch, shape, progress, options)
      const operations = batch.map(({ operation }) => operation)
      await checkConsent({ operations, left: operations, inTransaction })
      const of = countDone(progress) + asked.length
      for (const { sql, stack, operation, isFirst } of asked) {
        const statement = { sql, stack, number: countDone(progress) + 1, of }
        await noted(progress, statement, async () => {
          if (isFirst) await checkFilled(operation, { dialect, session, inTransaction })
          await session.simple(sql)
        })
      }
    },
    query: (sql, params, stack) => {
      const number = countDone(progress) + 1
      return noted(progress, { sql, stack, number, of: number }, () => session.query(sql, params))
    },
    end: async () => {},
    undo: async (error) => error,
  }
}
