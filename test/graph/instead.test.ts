/** What an error says to type instead of a target works when it is typed. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AludelError } from '../../src/errors.ts'
import { type Graph, buildGraph } from '../../src/graph/graph.ts'
import { placeRevision } from '../../src/graph/place.ts'
import { historyRange } from '../../src/graph/range.ts'
import { resolveBelowHeads } from '../../src/graph/resolve.ts'
import { routeTo } from '../../src/graph/route.ts'
import { anyState, pick } from '../support/any-graph.ts'
import { revisions } from '../support/revisions.ts'

type State = ReadonlySet<string>
type Call = (graph: Graph, state: State, target: string) => unknown

const calls: Readonly<Record<string, Call>> = {
  upgrade: (graph, state, target) => routeTo(graph, 'upgrade', state, [target])(state),
  downgrade: (graph, state, target) => routeTo(graph, 'downgrade', state, [target])(state),
  show: (graph, _, target) => resolveBelowHeads(graph, target),
  history: (graph, state, target) => historyRange(graph, target, state),
}

/** What a refusal says to type; undefined when the call is no refusal. */
function refused(call: () => unknown): AludelError | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    if (error instanceof AludelError) return error
    throw error
  }
}

/** Each of these stands in backquotes in what is to be done next. */
function proposed({ details }: AludelError): readonly string[] {
  const { instead } = details
  return Array.isArray(instead) ? instead.map(String) : []
}

const codes = ['AMBIGUOUS_CURRENT', 'AMBIGUOUS_WALK', 'RELATIVE_OUT_OF_RANGE', 'NOT_ANCESTOR']

test('for any graph and any state what is proposed is accepted', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(
      anyState,
      fc.nat(),
      fc.nat(),
      fc.integer({ min: -3, max: 3 }),
      ({ graph, state }, place, other, steps) => {
        const [id, to] = [pick(graph, place), pick(graph, other)]
        const counted = steps < 0 ? `${steps}` : `+${steps}`
        const single = [counted, `${id}${counted}`, `${id}@${counted}`, `${id}@${id}${counted}`, 'head', id]
        const ranges = [`${id}:${to}`, `${id}:`, `${id}:${counted}`, `${to}@base:${id}`]
        for (const [name, call] of Object.entries(calls)) {
          for (const target of name === 'history' ? ranges : single) {
            const error = refused(() => call(graph, state, target))
            if (!error || !codes.includes(error.code)) continue
            seen.set(`${name} ${error.code}`, (seen.get(`${name} ${error.code}`) ?? 0) + 1)
            for (const instead of proposed(error)) {
              expect(error.fix).toContain(`\`${instead}\``)
              // In a range it stands in the place of an end.
              const typed = name === 'history' && !instead.includes(':') ? `:${instead}` : instead
              const again = refused(() => call(graph, state, typed))
              // That it is not applied is another matter.
              if (name === 'downgrade' && counted !== target && again?.code === 'NOT_ANCESTOR') continue
              expect(again?.message, `${name} ${target}: ${error.message} ${error.fix}`).toBe(undefined)
            }
          }
        }
      },
    ),
    { numRuns: 200 },
  )
  expect([...seen.keys()].toSorted()).toEqual([
    'downgrade AMBIGUOUS_CURRENT',
    'downgrade AMBIGUOUS_WALK',
    'downgrade NOT_ANCESTOR',
    'downgrade RELATIVE_OUT_OF_RANGE',
    'history AMBIGUOUS_WALK',
    'history NOT_ANCESTOR',
    'history RELATIVE_OUT_OF_RANGE',
    'show AMBIGUOUS_WALK',
    'show RELATIVE_OUT_OF_RANGE',
    'upgrade AMBIGUOUS_CURRENT',
    'upgrade AMBIGUOUS_WALK',
    'upgrade RELATIVE_OUT_OF_RANGE',
  ])
})

const shop = buildGraph(revisions('a1', 'b1<-a1', 'b2<-b1', 'c1<-a1', 'x1 @plug', 'm1<-b2,c1', 'd1<-a1'))
const at = (...ids: readonly string[]) => new Set(ids)

test.each([
  ['upgrade', '+1', at(), ['a1', 'x1']],
  ['upgrade', '+2', at('a1'), ['b2', 'm1', 'd1']],
  ['upgrade', '+1', at('a1', 'd1', 'x1'), []],
  ['upgrade', 'b1+5', at(), ['m1']],
  ['downgrade', '-1', at('a1', 'b1', 'b2', 'c1', 'm1'), ['m1@b2', 'm1@c1']],
  ['downgrade', '-1', at('a1', 'b1', 'c1'), ['b1@-1', 'c1@-1']],
  ['downgrade', '-5', at('a1', 'b1'), ['base']],
  ['downgrade', 'plug@-5', at('a1', 'x1'), ['plug@base']],
  ['show', '-1', at(), ['b2', 'c1']],
  ['history', 'b1:a1', at(), ['a1:b1']],
])('%s %s with %j applied proposes %j', (name, target, state, instead) => {
  const error = refused(() => calls[name]?.(shop, state, target))
  expect(error && proposed(error)).toEqual(instead)
})

test('a range up to heads that only a dependency reaches proposes those of its branch', () => {
  const graph = buildGraph(revisions('a1', 'b1<-a1', 'c1<-a1', 'x1', 'y1<-x1 +c1'))
  const error = refused(() => historyRange(graph, 'a1:'))
  expect(error && proposed(error)).toEqual(['a1:a1@heads'])
  expect(historyRange(graph, 'a1:a1@heads').toSorted()).toEqual(['a1', 'b1', 'c1'])
})

test('a new revision with several heads is told which it may follow, and how to join them', () => {
  const plain = { splice: false, branchLabels: [], dependsOn: [] }
  expect(refused(() => placeRevision(shop, 'n1', plain))?.fix).toBe(
    'Say which one the new revision follows: `--head m1`, or `--head d1`, or `--head x1`. ' +
      '`aludel merge heads` (`make migrate-merge`) writes a revision that merges them.',
  )
  expect(refused(() => placeRevision(shop, 'n1', { ...plain, head: 'b1' }))?.fix).toBe(
    'Name the head that is above it (`m1`), or add `--splice` to begin a branch there.',
  )
})
