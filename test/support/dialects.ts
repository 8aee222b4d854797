import { describe, inject } from 'vitest'
import { type DialectName, dialectNames } from './servers.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** The dialect that a test is for; counted in the table at the end of the run. */
    dialect?: DialectName
  }
}

/**
 * It describes the same behaviour once for each dialect. Where a dialect's server is missing its tests are skipped, and the
 * table at the end of the run says why.
 */
export function describeDialects(
  title: string,
  tests: (dialect: DialectName) => void,
  names: readonly DialectName[] = dialectNames,
): void {
  const servers = inject('servers')
  for (const dialect of names) {
    const options = { meta: { dialect }, skip: 'missing' in servers[dialect] }
    describe(`${title} on ${dialect}`, options, () => {
      tests(dialect)
    })
  }
}
