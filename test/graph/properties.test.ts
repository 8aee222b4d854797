import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AludelError } from '../../src/errors.ts'
import { downgradePath, downgradeTargets } from '../../src/graph/downgrade.ts'
import {
  type Graph,
  ancestors,
  buildGraph,
  descendants,
  heads,
  headsOf,
  predecessors,
} from '../../src/graph/graph.ts'
import { branchNames, lineageAbove } from '../../src/graph/lineage.ts'
import { historyRange } from '../../src/graph/range.ts'
import { routeTo } from '../../src/graph/route.ts'
import { stampState } from '../../src/graph/stamp.ts'
import { effectiveHeads, tips } from '../../src/graph/state.ts'
import { upgradePath, upgradeTargets } from '../../src/graph/upgrade.ts'
import { anyGraph, anyState, pick } from '../support/any-graph.ts'

const empty: ReadonlySet<string> = new Set()

/** Numbers for `pick`. */
const somePlaces = fc.array(fc.nat(), { minLength: 1, maxLength: 3 })

function isClosed(graph: Graph, state: ReadonlySet<string>): boolean {
  return [...state].every((id) => predecessors(graph, id).every((before) => state.has(before)))
}

/** Each state on the way, the last one last. */
function walkThrough(
  direction: 'upgrade' | 'downgrade',
  state: ReadonlySet<string>,
  path: readonly string[],
): readonly ReadonlySet<string>[] {
  const now = new Set(state)
  return path.map((id) => {
    const isNew = direction === 'upgrade' ? !now.has(id) : now.has(id)
    expect(isNew, `${direction} ${id} from ${[...now].join()}`).toBe(true)
    if (direction === 'upgrade') now.add(id)
    else now.delete(id)
    return new Set(now)
  })
}

/** Texts that a person may type for some revision of a graph, not all of them good. */
const targets = fc
  .tuple(fc.nat(), fc.integer({ min: -4, max: 4 }), fc.nat({ max: 11 }))
  .map(([place, steps, form]) => (graph: Graph): string => {
    const id = pick(graph, place)
    const label = `l${id.slice(1)}`
    const counted = steps < 0 ? `${steps}` : `+${steps}`
    const forms = [
      id,
      label,
      'head',
      'heads',
      'base',
      counted,
      `${id}${counted}`,
      `${label}@head`,
      `${id}@heads`,
      `${label}@base`,
      `${label}@${counted}`,
      `${id}@${id}${counted}`,
    ]
    return forms[form] ?? 'head'
  })

describe('for any graph and any state', () => {
  test('an upgrade is a valid order that names nothing applied, and its way back gives the state back', () => {
    fc.assert(
      fc.property(anyState, somePlaces, ({ graph, state }, places) => {
        const wanted = places.map((place) => pick(graph, place))
        const path = upgradePath(graph, state, wanted)
        const states = walkThrough('upgrade', state, path)
        for (const each of states) expect(isClosed(graph, each)).toBe(true)
        const end = states.at(-1) ?? state
        expect(wanted.every((id) => end.has(id))).toBe(true)
        expect(end).toEqual(new Set([...state, ...ancestors(graph, wanted)]))
        const back = downgradePath(graph, end, { from: path })
        expect(back).toEqual(path.toReversed())
        for (const each of walkThrough('downgrade', end, back)) expect(isClosed(graph, each)).toBe(true)
      }),
    )
  })

  test('a downgrade is a valid order of applied revisions, and takes back no more than what needs what goes', () => {
    fc.assert(
      fc.property(anyState, fc.nat(), ({ graph, state }, place) => {
        const target = pick(graph, place)
        let path: readonly string[]
        try {
          path = downgradePath(graph, state, downgradeTargets(graph, state, [target]))
        } catch (error) {
          expect(error).toMatchObject({ code: 'NOT_ANCESTOR' })
          return
        }
        const states = walkThrough('downgrade', state, path)
        for (const each of states) expect(isClosed(graph, each)).toBe(true)
        expect((states.at(-1) ?? state).has(target)).toBe(true)
        const children = graph.children.get(target) ?? []
        const above = descendants(graph, children)
        expect(new Set(path)).toEqual(new Set([...state].filter((id) => above.has(id))))
      }),
    )
  })

  test('whatever is typed is refused with a code, or gives a plan that can be gone, twice the same', () => {
    fc.assert(
      fc.property(
        anyState,
        targets,
        fc.constantFrom('upgrade', 'downgrade'),
        ({ graph, state }, target, direction) => {
          const plan = (): readonly string[] | string => {
            try {
              return routeTo(graph, direction, state, [target(graph)])(state)
            } catch (error) {
              if (error instanceof AludelError) return error.code
              throw error
            }
          }
          const first = plan()
          expect(plan()).toEqual(first)
          if (typeof first === 'string') return
          for (const each of walkThrough(direction, state, first)) expect(isClosed(graph, each)).toBe(true)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('a plan that was gone has nothing left', () => {
    fc.assert(
      fc.property(
        anyState,
        targets,
        fc.constantFrom('upgrade', 'downgrade'),
        ({ graph, state }, target, direction) => {
          let route: ReturnType<typeof routeTo>
          try {
            route = routeTo(graph, direction, state, [target(graph)])
          } catch {
            return
          }
          const end = walkThrough(direction, state, route(state)).at(-1) ?? state
          expect(route(end)).toEqual([])
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('heads are the maximal elements: of the graph, of a state, with dependencies and without', () => {
    fc.assert(
      fc.property(anyState, ({ graph, state }) => {
        const ids = [...graph.revisions.keys()]
        const isFollowed = (id: string, among: Iterable<string>): boolean =>
          [...among].some((other) => graph.revisions.get(other)?.downRevision.includes(id))
        const isNeeded = (id: string, among: Iterable<string>): boolean =>
          [...among].some((other) => predecessors(graph, other).includes(id))
        expect(heads(graph)).toEqual(ids.filter((id) => !isFollowed(id, ids)))
        expect(effectiveHeads(graph)).toEqual(ids.filter((id) => !isNeeded(id, ids)))
        expect(headsOf(graph, state)).toEqual(ids.filter((id) => state.has(id) && !isFollowed(id, state)))
        expect(tips(graph, state)).toEqual(ids.filter((id) => state.has(id) && !isNeeded(id, state)))
        // The ends say it all: what they need is the whole state.
        expect(ancestors(graph, tips(graph, state))).toEqual(state)
        expect(upgradePath(graph, empty, upgradeTargets(graph, empty, ['heads']))).toEqual(ids)
      }),
    )
  })

  test('a stamp gives a state that a run could have left, holds what was asked for, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyState, somePlaces, ({ graph, state }, places) => {
        const wanted = places.map((place) => pick(graph, place))
        const after = stampState(graph, state, wanted)
        expect(isClosed(graph, after)).toBe(true)
        expect(wanted.every((id) => after.has(id))).toBe(true)
        expect(stampState(graph, after, tips(graph, after))).toEqual(after)
        expect(stampState(graph, state, ['base']).size).toBe(0)
      }),
    )
  })

  test('a range of the history is a part of it, newest first', () => {
    fc.assert(
      fc.property(anyState, fc.nat(), fc.nat(), ({ graph, state }, from, to) => {
        const all = [...graph.revisions.keys()].reverse()
        const [a, b] = [pick(graph, from), pick(graph, to)]
        expect(historyRange(graph, ':', state)).toEqual(all)
        const upTo = ancestors(graph, [b])
        expect(historyRange(graph, `:${b}`)).toEqual(all.filter((id) => upTo.has(id)))
        const isBetween = lineageHas(graph, b, a)
        if (!isBetween) {
          expect(() => historyRange(graph, `${a}:${b}`)).toThrow(/no line of the history/)
          return
        }
        const range = historyRange(graph, `${a}:${b}`)
        expect([range[0], range.at(-1)]).toEqual([b, a])
        expect(range).toEqual(all.filter((id) => range.includes(id)))
      }),
    )
  })
})

/** Whether `upper` is `lower` or follows it, over any number of revisions. */
function lineageHas(graph: Graph, upper: string, lower: string): boolean {
  const found = new Set([upper])
  for (const id of found) for (const parent of graph.revisions.get(id)?.downRevision ?? []) found.add(parent)
  return found.has(lower)
}

test('the same revisions in any order give the same graph and the same plans', () => {
  fc.assert(
    fc.property(
      anyGraph.chain((graph) =>
        fc.tuple(
          fc.constant(graph),
          fc.shuffledSubarray([...graph.revisions.values()], { minLength: graph.revisions.size }),
        ),
      ),
      ([graph, shuffled]) => {
        const again = buildGraph(shuffled)
        expect([...again.revisions.keys()]).toEqual([...graph.revisions.keys()])
        expect(heads(again)).toEqual(heads(graph))
        expect(historyRange(again, undefined)).toEqual(historyRange(graph, undefined))
      },
    ),
  )
})

test('a label is that of all that follows it, and of the straight line below where nothing forks or merges above', () => {
  const isJunction = (graph: Graph, id: string): boolean =>
    new Set([...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])]).size > 1 ||
    (graph.revisions.get(id)?.downRevision.length ?? 0) > 1
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const wanted = new Map<string, string[]>()
      for (const [label, id] of [...graph.labels].toSorted()) {
        const marked = lineageAbove(graph, [id])
        if (![...marked].some((each) => isJunction(graph, each))) {
          let below = graph.revisions.get(id)?.downRevision[0]
          while (below !== undefined && !isJunction(graph, below)) {
            marked.add(below)
            below = graph.revisions.get(below)?.downRevision[0]
          }
        }
        for (const each of marked) wanted.set(each, [...(wanted.get(each) ?? []), label])
      }
      expect(new Map([...branchNames(graph)].toSorted())).toEqual(new Map([...wanted].toSorted()))
    }),
  )
})
