import { rmSync, mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route, RunContext } from '../../src/database/run-context.ts'
import { run } from '../../src/database/run.ts'
import type { StopPoint } from '../../src/database/stop.ts'
import { type Graph, buildGraph } from '../../src/graph/graph.ts'
import { type RevisionFile, readRevisions } from '../../src/revision/read.ts'
import { type FakeDatabase, type FakeRunner, fakeDatabase } from '../support/fake-database.ts'
import { revisionFile } from '../support/files.ts'
import { unguarded } from '../support/unguarded.ts'

/** Schema and data in one, schema alone on a way back, data by queries, data by operations. */
const files = {
  ...revisionFile('r1', {
    up: "op.execute('create a')\n  op.execute('insert r1')\n  op.execute('create b')",
    back: "op.execute('drop b')\n  op.execute('delete r1')\n  op.execute('drop a')",
  }),
  ...revisionFile('r2', {
    down: 'r1',
    up: "await op.query('insert r2')\n  await op.query('insert r2b')",
    back: "await op.query('delete r2')\n  await op.query('delete r2b')",
  }),
  ...revisionFile('r3', {
    down: 'r2',
    up: "op.execute('insert r3')\n  op.execute('insert r3b')\n  op.execute('create c')",
    back: "op.execute('drop c')\n  op.execute('delete r3')\n  op.execute('delete r3b')",
  }),
}
const ids = ['r1', 'r2', 'r3']

let folder: string
let graph: Graph<RevisionFile>
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_run_'))
  mkdirSync(path.join(folder, 'migrations'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  graph = buildGraph(await readRevisions([path.join(folder, 'migrations')], folder))
})
afterAll(() => rmSync(folder, { recursive: true }))

const up: Route = { direction: 'upgrade', plan: (state) => ids.filter((id) => !state.has(id)), single: false }
const down: Route = {
  direction: 'downgrade',
  plan: (state) => ids.filter((id) => state.has(id)).toReversed(),
  single: false,
}

let runs = 0

function contextFor({ dialect, ledger, connect }: FakeRunner, at: (point: StopPoint) => void): RunContext {
  return {
    dialect,
    ledger,
    connect,
    secrets: [],
    runId: `run ${(runs += 1)}`,
    appliedBy: 'test',
    version: '0',
    now: () => new Date(0),
    ledgerExists: true,
    graph,
    verify: () => {},
    limits: { lockWait: 60_000 },
    guard: unguarded,
    at,
    consent: new Map(),
    onEvent: () => {},
  }
}

/** Runs to the end, or to the runner's. */
function go(runner: FakeRunner, route: Route, at: (point: StopPoint) => void = () => {}) {
  return Promise.race([run(contextFor(runner, at), route), runner.died])
}

/** What everybody can see of it in the end. */
function result(db: FakeDatabase): unknown {
  const { applied, journal, data, schema } = db.content()
  const open = [...journal.values()].filter(({ entry }) => ['running', 'halfDone'].includes(entry.outcome))
  return { applied: [...applied.keys()].toSorted(), data: data.toSorted(), schema: schema.toSorted(), open }
}

const full = { applied: ids, data: ['r1', 'r2', 'r2b', 'r3', 'r3b'], schema: ['a', 'b', 'c'], open: [] }
const empty = { applied: [], data: [], schema: [], open: [] }

const quiet = async (): Promise<void> => {}

describe.each([
  ['rolls back', true],
  ['commits by itself', false],
])('where DDL %s', (_, transactionalDdl) => {
  // Without the plan that is asked again inside the lock, or without the lock, this fails.
  test('two runners whose calls interleave apply every step exactly once, and both end well', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const turn = (what: string) => scheduler.schedule(Promise.resolve(), what)
        const db = fakeDatabase({ transactionalDdl, turn, lock: 'held' })
        const both = Promise.all([go(db.runner(), up), go(db.runner(), up)])
        const ran = (await scheduler.waitFor(both)).flatMap((end) => (end === 'died' ? [] : end.steps))
        expect(ran.map(({ revision }) => revision).toSorted()).toEqual(ids)
        expect(result(db)).toEqual(full)
      }),
      { numRuns: 100 },
    )
  })

  test('one that dies at any call leaves what the next one finishes, also beside a third', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom('before', 'after'),
        async (scheduler, call, when) => {
          const turn = (what: string) => scheduler.schedule(Promise.resolve(), what)
          const db = fakeDatabase({ transactionalDdl, turn, lock: 'held' })
          const dying = db.runner({ kind: 'dies', call, when })
          await scheduler.waitFor(Promise.all([go(dying, up), go(db.runner(), up)]))
          await scheduler.waitFor(go(db.runner(), up))
          expect(result(db)).toEqual(full)
        },
      ),
      { numRuns: 200 },
    )
  })

  test.each([
    ['up', up, full],
    ['down', down, empty],
  ])(
    'dying at any call, or losing the connection there, and running again is as if nothing had been: %s',
    async (_name, route, end) => {
      for (const kind of ['dies', 'loses its connection'] as const) {
        for (const when of ['before', 'after'] as const) {
          for (let call = 1, more = true; more; call += 1) {
            const db = fakeDatabase({ transactionalDdl, turn: quiet, lock: 'held' })
            if (route === down) await go(db.runner(), up)
            const runner = db.runner({ kind, call, when })
            await go(runner, route).catch(() => undefined)
            more = runner.calls() >= call
            await go(db.runner(), route)
            expect({ kind, when, call, ...(result(db) as object) }).toEqual({ kind, when, call, ...end })
          }
        }
      }
    },
  )

  test('dying at any stop point and running again is as if nothing had been', async () => {
    const points: StopPoint[] = [
      'before-lock',
      'in-lock',
      'after-claim',
      'mid-step',
      'after-ddl',
      'after-version',
      'after-commit',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...points),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (point, time, back) => {
          const db = fakeDatabase({ transactionalDdl, turn: quiet, lock: 'held' })
          if (back) await go(db.runner(), up)
          const runner = db.runner()
          let left = time
          const at = (reached: StopPoint): void => {
            if (reached === point && (left -= 1) === 0) runner.die()
          }
          await go(runner, back ? down : up, at)
          await go(db.runner(), back ? down : up)
          expect(result(db)).toEqual(back ? empty : full)
        },
      ),
      { numRuns: 150 },
    )
  })
})

// Without the claim first in the transaction of the step its data are there twice.
test('where the lock is worth nothing, the claim in the transaction still keeps every step from being applied twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const turn = (what: string) => scheduler.schedule(Promise.resolve(), what)
      const db = fakeDatabase({ transactionalDdl: true, turn, lock: 'broken' })
      const one = (): Promise<unknown> => go(db.runner(), up).catch(() => undefined)
      await scheduler.waitFor(Promise.all([one(), one()]))
      await scheduler.waitFor(one())
      expect(result(db)).toEqual(full)
    }),
    { numRuns: 100 },
  )
})
