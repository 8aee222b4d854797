/**
 * Building graphs of 100,000 revisions, their heads, and plans up and down: each graph in a process of its own. Prints a table; ends
 * with 1 when it takes too long, too much memory, or grows faster than the graph.
 *
 *     node bench/graph.ts [size, default 100000]
 */
import { execFileSync } from 'node:child_process'
import { buildGraph, heads } from '../src/graph/graph.ts'
import { routeTo } from '../src/graph/route.ts'
import { shapes } from './shapes.ts'

const limits = { ms: 1500, megabytes: 400 }
/** Times what a tenth of the revisions takes. What looked at each pair of them would take a hundred times as long. */
const growthLimit = (shape: string): number => (['chain', 'merge every 10'].includes(shape) ? 12 : 25)
const rounds = 5

interface Measured {
  readonly revisions: number
  /** Milliseconds of each part. */
  readonly parts: Readonly<Record<string, number>>
  readonly total: number
  /** Of the whole process, at its highest. */
  readonly megabytes: number
}

function measure(shape: string, size: number): Measured {
  const revisions = shapes[shape]?.(size) ?? []
  const parts: Record<string, number> = {}
  const time = <T>(name: string, work: () => T): T => {
    const start = performance.now()
    const result = work()
    parts[name] = performance.now() - start
    return result
  }
  const graph = time('build', () => buildGraph(revisions))
  const ids = [...graph.revisions.keys()]
  const [none, half, all] = [0, ids.length / 2, ids.length].map((count) => new Set(ids.slice(0, count)))
  if (!none || !half || !all) throw new Error('no states')
  time('heads', () => heads(graph))
  const plans = [
    time('up', () => routeTo(graph, 'upgrade', none, ['heads'])(none)),
    time('up from half', () => routeTo(graph, 'upgrade', half, ['heads'])(half)),
    time('down', () => routeTo(graph, 'downgrade', all, ['base'])(all)),
  ]
  const expected = [ids.length, ids.length - half.size, ids.length]
  if (plans.some(({ length }, at) => length !== expected[at]))
    throw new Error(`${shape}: a plan is not whole`)
  const total = Object.values(parts).reduce((sum, ms) => sum + ms, 0)
  return { revisions: ids.length, parts, total, megabytes: process.resourceUsage().maxRSS / 1024 }
}

/** The quickest of some runs of each size, which alternate: what slows the others down is the machine. */
function measured(shape: string, sizes: readonly number[]): readonly Measured[] {
  const best = new Map<number, Measured>()
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) {
      const args = [import.meta.filename, '--shape', shape, String(size)]
      const run: Measured = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
      const before = best.get(size)
      if (!before || run.total < before.total) best.set(size, run)
    }
  }
  return [...best.values()]
}

function report(size: number): void {
  const columns = ['build', 'heads', 'up', 'up from half', 'down']
  console.log(`ms, the quickest of ${rounds} runs, Node ${process.versions.node}\n`)
  console.log(row(['', 'revisions', ...columns, 'total', 'growth', 'MB']))
  for (const shape of Object.keys(shapes)) {
    const [tenth, whole] = measured(shape, [size / 10, size])
    if (!tenth || !whole) throw new Error('nothing was measured')
    const growth = whole.total / tenth.total
    const broken = [
      ...(whole.total > limits.ms ? [`more than ${limits.ms} ms`] : []),
      ...(whole.megabytes > limits.megabytes ? [`more than ${limits.megabytes} MB`] : []),
      ...(growth > growthLimit(shape) ? [`grows more than ${growthLimit(shape)} times`] : []),
    ]
    const figures = [...columns.map((name) => whole.parts[name] ?? Number.NaN), whole.total]
    const cells = [
      shape,
      String(whole.revisions),
      ...figures.map((ms) => ms.toFixed(0)),
      growth.toFixed(1),
      whole.megabytes.toFixed(0),
    ]
    console.log(`${row(cells)}${broken.length === 0 ? '' : `  MISSED: ${broken.join(', ')}`}`)
    if (broken.length > 0) process.exitCode = 1
  }
  console.log(
    `\ngrowth: times what a tenth of the revisions takes; at most ${limits.ms} ms, ${limits.megabytes} MB`,
  )
}

function row([name = '', ...cells]: readonly string[]): string {
  return `${name.padEnd(22)}${cells.map((cell) => cell.padStart(Math.max(cell.length + 2, 10))).join('')}`
}

const [option, shape = '', size = ''] = process.argv.slice(2)
if (option === '--shape') console.log(JSON.stringify(measure(shape, Number(size))))
else report(Number(option ?? 100_000))
