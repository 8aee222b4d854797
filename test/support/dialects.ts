import { describe, inject, test } from 'vitest'
import { type DialectName, dialectNames } from './servers.ts'

const chosen = process.env['TEST_DIALECTS']?.split(',')
const isWhole = chosen !== undefined || process.env['TEST_LONG'] !== undefined
const usual = dialectNames.filter((name) => name !== 'pglite' || isWhole)

declare module 'vitest' {
  interface TaskMeta {
    /** The dialect that a test is for; counted in the table at the end of the run. */
    dialect?: DialectName
  }
}

/**
 * It describes the same behaviour once for each dialect. Where a dialect's server is missing its tests are skipped, and the
 * table at the end of the run says why. PGlite, which is PostgreSQL again and slow to open, is among them only where it is named.
 * @param names default: those of `TEST_DIALECTS=pglite,sqlite`, else all; PGlite with TEST_LONG=1 only
 */
export function describeDialects(title: string, tests: (dialect: DialectName) => void): void
export function describeDialects<Name extends DialectName>(
  title: string,
  tests: (dialect: Name) => void,
  names: readonly Name[],
): void
export function describeDialects(
  title: string,
  tests: (dialect: DialectName) => void,
  names: readonly DialectName[] = usual,
): void {
  const servers = inject('servers')
  const left = names.filter((name) => chosen?.includes(name) ?? true)
  // A file without any test would be a failed one.
  const elsewhere = left.length === 0 ? [names.join(', ')] : []
  test.for(elsewhere)(`${title}: on %s only`, (_names, context) => context.skip())
  for (const dialect of left) {
    const options = { meta: { dialect }, skip: 'missing' in servers[dialect] }
    describe(`${title} on ${dialect}`, options, () => {
      tests(dialect)
    })
  }
}
