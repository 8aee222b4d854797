import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { type StampOptions, stamp } from '../../src/commands/stamp.ts'
import { downgrade, upgrade } from '../../src/index.ts'
import { revisionFile } from '../support/files.ts'
import { sql } from '../support/sql.ts'
import { unguarded } from '../support/unguarded.ts'

/** Revisions by their place: whom each follows, and on whom else it depends, all of them earlier. */
type History = readonly { readonly down: readonly number[]; readonly depends: readonly number[] }[]

interface Move {
  readonly kind: 'upgrade' | 'downgrade' | 'stamp'
  /** A place; one beyond the last means all heads, or base. */
  readonly target: number
}

const histories: fc.Arbitrary<History> = fc
  .array(
    fc.record({ down: fc.array(fc.nat(), { maxLength: 2 }), depends: fc.array(fc.nat(), { maxLength: 1 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((nodes) =>
    nodes.reduce<History>((history, { down, depends }, at) => {
      const earlier = (places: readonly number[]): number[] =>
        at === 0 ? [] : [...new Set(places.map((place) => place % at))]
      const parents = earlier(down)
      const below = closure(parents, (id) => [...(history[id]?.down ?? []), ...(history[id]?.depends ?? [])])
      // Two parents of which one comes before the other are one.
      const shortest = parents.filter(
        (id) => !parents.some((other) => other !== id && needs(history, other).has(id)),
      )
      return [...history, { down: shortest, depends: earlier(depends).filter((id) => !below.has(id)) }]
    }, []),
  )

const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('upgrade', 'upgrade', 'downgrade', 'stamp' as const),
    target: fc.nat({ max: 12 }),
  }),
  { minLength: 1, maxLength: 8 },
)

function closure(start: readonly number[], next: (id: number) => readonly number[]): Set<number> {
  const found = new Set(start)
  for (const id of found) for (const more of next(id)) found.add(more)
  return found
}

/** With itself. */
function needs(history: History, id: number): Set<number> {
  return closure([id], (each) => [...(history[each]?.down ?? []), ...(history[each]?.depends ?? [])])
}

function after(history: History, ids: readonly number[]): Set<number> {
  const follows = (id: number): number[] =>
    history.flatMap(({ down, depends }, at) => ([...down, ...depends].includes(id) ? [at] : []))
  return closure(ids, follows)
}

/** The state that a move leads to; undefined where it must be refused. */
function modelOf(
  history: History,
  state: ReadonlySet<number>,
  { kind, target }: Move,
): ReadonlySet<number> | undefined {
  const all = history.map((_, at) => at)
  const isEnd = target >= history.length
  if (kind === 'upgrade') return new Set([...state, ...(isEnd ? all : needs(history, target))])
  if (isEnd) return new Set()
  const below = needs(history, target)
  const above = after(history, [target])
  const ends = [...state].filter((id) => ![...after(history, [id])].some((at) => at !== id && state.has(at)))
  if (kind === 'stamp') {
    const kept = ends.filter((id) => !above.has(id) && !below.has(id))
    return new Set([...below, ...kept.flatMap((id) => [...needs(history, id)])])
  }
  const children = all.filter((at) => history[at]?.down.includes(target) && !below.has(at))
  const gone = after(history, children)
  // What is applied only for something that depends on it is no end of a way back.
  if (!ends.includes(target) && ![...gone].some((id) => state.has(id))) return undefined
  return new Set([...state].filter((id) => !gone.has(id)))
}

const name = (id: number): string => `r${String(id).padStart(2, '0')}`

// Each was taken out of src/graph/{up,down}grade.ts once, and it failed: `reverse` of a path down, `state.has` of a path up.
test(
  'any moves on any history end where a model says, each step once, none before what it needs',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(histories, moves, async (history, list) => {
        const cwd = mkdtempSync(path.join(tmpdir(), 'aludel_test_model_'))
        try {
          await follow(cwd, history, list)
        } finally {
          rmSync(cwd, { recursive: true })
        }
      }),
      { numRuns: 40 },
    )
  },
)

async function follow(cwd: string, history: History, list: readonly Move[]): Promise<void> {
  mkdirSync(path.join(cwd, 'migrations'))
  for (const [id, { down, depends }] of history.entries()) {
    const files = revisionFile(name(id), {
      down: down.map(name),
      header: `export const dependsOn: string[] = ${JSON.stringify(depends.map(name))}`,
      up: `op.execute("insert into log (move) values ('+${name(id)}')")`,
      back: `op.execute("insert into log (move) values ('-${name(id)}')")`,
    })
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(cwd, file), text)
  }
  const url = `sqlite:${path.join(cwd, 'app.db')}`
  writeFileSync(path.join(cwd, 'aludel.config.json'), JSON.stringify({ url }))
  await sql(url, 'create table log (n integer primary key, move text)')
  let state: ReadonlySet<number> = new Set()
  let told = 0
  for (const move of list) {
    const wanted = modelOf(history, state, move)
    const end = move.kind === 'upgrade' ? 'heads' : 'base'
    const target = move.target < history.length ? name(move.target) : end
    const run = carryOut[move.kind](cwd, target)
    if (!wanted) {
      await expect(run).rejects.toMatchObject({ code: 'NOT_ANCESTOR' })
      continue
    }
    await run
    const log = (await sql(url, 'select move from log order by n')).map(([each]) => String(each))
    const ran = log.slice(told)
    const was = state
    const come = [...wanted].filter((id) => !was.has(id)).map((id) => `+${name(id)}`)
    const gone = [...was].filter((id) => !wanted.has(id)).map((id) => `-${name(id)}`)
    expect(ran.toSorted()).toEqual(move.kind === 'stamp' ? [] : [...come, ...gone].toSorted())
    const order = ran.map((each) => Number(each.slice(2)))
    const upward = move.kind === 'upgrade' ? order : order.toReversed()
    for (const [at, id] of upward.entries()) {
      const needed = needs(history, id)
      expect(upward.slice(at + 1).filter((later) => needed.has(later))).toEqual([])
    }
    const ledger = await sql(url, 'select revision from aludel_revision order by revision').catch(() => [])
    expect(ledger.flat()).toEqual([...wanted].map(name).toSorted())
    state = wanted
    told = log.length
  }
}

const carryOut = {
  upgrade: (cwd: string, target: string) => upgrade({ cwd, env: {}, target }),
  downgrade: (cwd: string, target: string) => downgrade({ cwd, env: {}, target }),
  stamp: async (cwd: string, target: string) => {
    const options: StampOptions = { targets: [target], purge: false }
    const caller = {
      now: () => new Date(),
      actor: 'test',
      version: '0',
      guard: unguarded,
      at: () => {},
      onEvent: () => {},
    }
    return stamp(await loadSettings({ cwd, env: {} }), options, caller)
  },
}
