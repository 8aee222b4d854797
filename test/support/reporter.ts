import type { TaskMeta } from 'vitest'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'
import { type DialectName, dialectNames, type Pooler, type Server } from './servers.ts'

/** It prints, after the run, on which servers the tests of each dialect ran, or why they did not; last, one line of counts. */
export function dialectTable(): Reporter {
  let vitest: Vitest | undefined
  return {
    onInit(started) {
      vitest = started
    },
    onTestRunEnd(modules) {
      const tests = modules.flatMap((module) => [...module.children.allTests()])
      // Without servers their set-up has failed, and Vitest has said why.
      const provided = vitest?.getRootProject().getProvidedContext()
      const servers: Partial<Record<DialectName, Server>> = provided?.servers ?? {}
      const pgbouncer: Pooler | undefined = provided?.pgbouncer
      const rows = [
        ...dialectNames.flatMap((name) => {
          const server = servers[name]
          const own = tests.filter((test) => metaOf(test, 'dialect') === name)
          return server ? [row(name, server, own)] : []
        }),
        ...(pgbouncer
          ? [
              row(
                'pgbouncer',
                pgbouncer,
                tests.filter((test) => metaOf(test, 'pooled')),
              ),
            ]
          : []),
      ]
      const lines = rows.length > 0 ? [...columns([['dialect', 'server', 'tests'], ...rows]), ''] : []
      console.log(['', ...lines, total(tests), ''].join('\n'))
    },
  }
}

function row(name: string, server: Server | Pooler, tests: readonly TestCase[]): readonly string[] {
  const { passed, failed, skipped } = count(tests)
  const ran = passed + failed
  if ('missing' in server) return [name, '-', `not run: ${server.missing}`]
  if (ran === 0) return [name, server.version, `not run: ${left(name) || 'none was chosen'}`]
  const also = [failed && `${failed} failed`, skipped && `${skipped} skipped`, left(name)].filter(Boolean)
  return [name, server.version, [`${ran} ran`, ...also].join(', ')]
}

/** What test/support/dialects.ts leaves out. */
function left(name: string): string {
  const { TEST_DIALECTS, TEST_LONG } = process.env
  const isWhole = name !== 'pglite' || TEST_DIALECTS !== undefined || TEST_LONG !== undefined
  return isWhole ? '' : 'more with TEST_LONG=1 or TEST_DIALECTS=pglite'
}

function total(tests: readonly TestCase[]): string {
  const { passed, failed, skipped } = count(tests)
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

function count(tests: readonly TestCase[]): Record<'passed' | 'failed' | 'skipped' | 'pending', number> {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
  for (const test of tests) counts[test.result().state] += 1
  return counts
}

/** What the test, or the nearest suite around it, says of itself. */
function metaOf<K extends 'dialect' | 'pooled'>(test: TestCase, key: K): TaskMeta[K] {
  for (let at: TestCase['parent'] | TestCase | TestModule = test; ; at = at.parent) {
    const value = at.meta()[key]
    if (value !== undefined || at.type === 'module') return value
  }
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  )
}
