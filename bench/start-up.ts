/**
 * Start-up and no-op commands of the built program as whole processes, against bare Node and a raw driver's one select, in one run.
 * Prints ratios; machines are noisy, so the runs alternate and medians count. Needs dist/ (`make bench` builds it).
 *
 *     node bench/start-up.ts [rounds, default 9]
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const repository = path.resolve(import.meta.dirname, '..')
const program = path.join(repository, 'dist/aludel.js')
const rounds = Number(process.argv[2] ?? 9)
const postgresql = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'

interface Row {
  readonly name: string
  readonly args: readonly string[]
  readonly url?: string
  /** The row that it is told as a multiple of, and the most that it may be. */
  readonly against?: string
  readonly limit?: number
}

const folder = mkdtempSync(path.join(tmpdir(), 'aludel-bench-'))
mkdirSync(path.join(folder, 'migrations'))
symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'))
writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
writeFileSync(
  path.join(folder, 'aludel.config.json'),
  '{ "ledger": { "revisionTable": "aludel_bench", "journalTable": "aludel_bench_journal" } }',
)
for (let n = 0; n < 10; n++) {
  const parent = n === 0 ? 'null' : `'r${n - 1}'`
  writeFileSync(
    path.join(folder, `migrations/r${n}.js`),
    `export const message = 'Step ${n}'\nexport const revision = 'r${n}'\nexport const downRevision = ${parent}\nexport function upgrade(op) { op.execute('select 1') }\nexport function downgrade() {}\n`,
  )
}
writeFileSync(
  path.join(folder, 'select.mjs'),
  `import pg from 'pg'\nconst client = new pg.Client(${JSON.stringify(postgresql)})\nawait client.connect()\nawait client.query('select 1')\nawait client.end()\n`,
)
const sqlite = `sqlite:${path.join(folder, 'bench.db')}`

const rows: readonly Row[] = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'pg select 1', args: ['select.mjs'], against: 'node -e 0' },
  { name: '--help', args: [program, '--help'], against: 'node -e 0', limit: 2.5 },
  { name: 'history', args: [program, 'history'], against: 'node -e 0', limit: 2.5 },
  { name: 'heads', args: [program, 'heads'], against: 'node -e 0', limit: 2.5 },
  { name: 'show', args: [program, 'show'], against: 'node -e 0', limit: 2.5 },
  { name: 'current, SQLite', args: [program, 'current'], url: sqlite, against: 'node -e 0', limit: 3 },
  { name: 'upgrade (no-op), SQLite', args: [program, 'upgrade'], url: sqlite, against: 'node -e 0' },
  { name: 'current, PostgreSQL', args: [program, 'current'], url: postgresql, against: 'pg select 1' },
  {
    name: 'upgrade (no-op), PostgreSQL',
    args: [program, 'upgrade'],
    url: postgresql,
    against: 'pg select 1',
    limit: 2,
  },
]

function run({ args, url }: Pick<Row, 'args' | 'url'>): number {
  const start = performance.now()
  const { PATH, HOME } = process.env
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { PATH, HOME, ...(url === undefined ? {} : { DATABASE_URL: url }) },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (!existsSync(program)) throw new Error('dist/ is missing: run `make bench`, or `npm run build` first')
try {
  for (const url of [sqlite, postgresql]) run({ args: [program, 'upgrade'], url })
  const times = new Map(rows.map((row) => [row.name, [] as number[]]))
  // Round 0 warms file caches and Node's compile cache, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const row of rows) {
      const ms = run(row)
      if (round > 0) times.get(row.name)?.push(ms)
    }
  }
  const medians = new Map([...times].map(([name, values]) => [name, median(values)]))
  console.log(`median of ${rounds} alternating runs, Node ${process.versions.node}\n`)
  for (const { name, against, limit } of rows) {
    const ms = medians.get(name) ?? Number.NaN
    const ratio = against === undefined ? undefined : ms / (medians.get(against) ?? Number.NaN)
    const told = ratio === undefined ? '' : `${ratio.toFixed(2)} x ${against}`
    const missed = limit !== undefined && ratio !== undefined && ratio > limit
    if (missed) process.exitCode = 1
    const bound = limit === undefined ? '' : `(at most ${limit}${missed ? ': MISSED' : ''})`
    console.log(`${name.padEnd(30)} ${ms.toFixed(0).padStart(5)} ms  ${told.padEnd(22)} ${bound}`.trimEnd())
  }
} finally {
  run({
    args: [
      '--input-type=module',
      '-e',
      `import pg from 'pg'; const c = new pg.Client(${JSON.stringify(postgresql)}); await c.connect(); await c.query('drop table if exists aludel_bench, aludel_bench_journal'); await c.end()`,
    ],
  })
  rmSync(folder, { recursive: true, force: true })
}
