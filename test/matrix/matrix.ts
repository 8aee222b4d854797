import { beforeAll, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import type { DialectName } from '../support/servers.ts'
import { type Databases, carryThrough, type Problems } from './carry-through.ts'
import { type Instance, instance, reasonFor, type Scenarios } from './scenario.ts'

/**
 * Every scenario on one dialect. All are carried through together, in one database; where a command fails then, they are halved until
 * it is known which.
 */
export function matrix(name: DialectName, scenarios: Scenarios): void {
  // Each scenario alone instead of all together: many times slower, and on PGlite more.
  const isLong = process.env['TEST_LONG'] !== undefined && name !== 'pglite'
  describeDialects(
    'matrix',
    (dialect) => {
      const all = Object.entries(scenarios).map(([title, scenario], at) => instance(title, at + 1, scenario))
      const possible = all.filter(({ scenario }) => reasonFor(dialect, scenario.not) === undefined)
      let problems: Problems = new Map()
      let carried: ReadonlySet<number> = new Set()
      beforeAll(async ({}, suite) => {
        const chosen = new Set(suite.tasks.flatMap((task) => (task.mode === 'run' ? [task.name] : [])))
        const instances = possible.filter((each) => chosen.has(each.name))
        carried = new Set(instances.map(({ number }) => number))
        problems = await (isLong ? oneByOne(dialect, instances) : halving(dialect, instances))
      }, 1_200_000)

      // Not by `test.each`, which cuts long names.
      for (const { name: title, number } of possible)
        test(`${title}`, () => {
          expect(carried.has(number)).toBe(true)
          expect(problems.get(number) ?? []).toEqual([])
        })
      test('nothing else differs', () => {
        expect(problems.get(undefined) ?? []).toEqual([])
      })
      const impossible = all.flatMap(({ name: title, scenario }) => {
        const reason = reasonFor(dialect, scenario.not)
        return reason === undefined ? [] : [`${title} (not on ${dialect}: ${reason})`]
      })
      for (const title of impossible) test(`${title}`, (context) => context.skip())
    },
    [name],
  )
}

async function halving(dialect: DialectName, instances: readonly Instance[]): Promise<Problems> {
  try {
    return await carry(dialect, instances)
  } catch (error) {
    const [only] = instances
    if (!only) throw error
    if (instances.length === 1) return new Map([[only.number, [String(error)]]])
    console.info(`${instances.length} scenarios together on ${dialect}: ${String(error)}`)
    const middle = Math.ceil(instances.length / 2)
    const halves = [instances.slice(0, middle), instances.slice(middle)]
    return joined(await inTurn(halves, (half) => halving(dialect, half)))
  }
}

async function oneByOne(dialect: DialectName, instances: readonly Instance[]): Promise<Problems> {
  return joined(await inTurn(instances, (each) => halving(dialect, [each])))
}

async function inTurn<T>(
  list: readonly T[],
  work: (each: T) => Promise<Problems>,
): Promise<readonly Problems[]> {
  const done: Problems[] = []
  for (const each of list) done.push(await work(each))
  return done
}

function joined(all: readonly Problems[]): Problems {
  const problems = new Map<number | undefined, readonly string[]>()
  for (const [number, some] of all.flatMap((each) => [...each]))
    problems.set(number, [...(problems.get(number) ?? []), ...some])
  return problems
}

async function carry(dialect: DialectName, instances: readonly Instance[]): Promise<Problems> {
  if (instances.length === 0) return new Map()
  const databases: Databases = [await database(dialect), await database(dialect)]
  try {
    return await carryThrough(dialect, instances, databases)
  } finally {
    await Promise.all(databases.map((each) => each.drop()))
  }
}
