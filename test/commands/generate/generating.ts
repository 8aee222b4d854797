import { afterAll, afterEach, beforeAll, test } from 'vitest'
import { type TestDatabase, database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import type { DialectName } from '../../support/servers.ts'
import { type Databases, carryThrough, expressionIndex, nativeEnum, scenarios } from './scenarios.ts'

/** Every scenario on one dialect, each in empty databases. */
export function generating(name: DialectName): void {
  describeDialects(
    'generating',
    (dialect) => {
      let databases: Databases
      beforeAll(async () => {
        databases = [await database(dialect), await database(dialect)]
      })
      afterEach(async () => {
        await Promise.all(databases.map((db: TestDatabase) => db.clear()))
      })
      afterAll(async () => {
        await Promise.all(databases.map((db: TestDatabase) => db.drop()))
      })

      const cases = Object.entries({
        ...scenarios,
        ...(dialect === 'postgresql' ? { 'a native enum': nativeEnum } : {}),
        ...(dialect === 'postgresql' || dialect === 'sqlite'
          ? { 'an expression index of a column renamed to a name in capitals': expressionIndex }
          : {}),
      })
      test.each(cases)('%s', { timeout: 60_000 }, (_, scenario) => carryThrough(dialect, scenario, databases))
    },
    [name],
  )
}
