/** Tests that go through a connection pooler. */
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type Pool, startPgbouncer, type Throwaway } from './throwaway.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Goes through PgBouncer; counted in the table at the end of the run. */
    pooled?: true
  }
}

/** The same database through the pooler. */
export type Through = (url: string) => string

const pools: readonly Pool[] = [
  { mode: 'transaction', size: 5 },
  { mode: 'transaction', size: 1 },
  { mode: 'session', size: 5 },
]

/**
 * It describes the same behaviour once for each kind of pool, in front of the PostgreSQL server. Where there is no PgBouncer
 * its tests are skipped, and the table at the end of the run says why.
 */
export function describePoolers(title: string, tests: (through: Through, pool: Pool) => void): void {
  const [{ postgresql }, pgbouncer] = [inject('servers'), inject('pgbouncer')]
  for (const pool of pools) {
    const options = { meta: { dialect: 'postgresql', pooled: true }, skip: 'missing' in pgbouncer } as const
    describe(`${title} on postgresql through a ${pool.mode} pool of ${pool.size}`, options, () => {
      let pooler: Throwaway | undefined
      beforeAll(async () => {
        if ('url' in postgresql) pooler = await startPgbouncer(postgresql.url, pool)
      })
      afterAll(() => pooler?.stop())
      const through: Through = (url) => {
        const pooled = new URL(pooler?.url ?? '')
        pooled.pathname = new URL(url).pathname
        return pooled.href
      }
      tests(through, pool)
    })
  }
}
