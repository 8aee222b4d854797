/**
 * `revision --autogenerate` on 500 tables, with nothing changed and with one column more, as a whole process: the built program and the
 * sources, beside Alembic's on the same schema and beside MikroORM's own `getUpdateSchemaSQL`, in one run. The runs alternate and medians
 * count. Needs dist/ (`npm run build`), and PostgreSQL at TEST_POSTGRES_URL. Alembic is python3's own (apt: python3-alembic,
 * python3-psycopg2), or its source in the folder ALEMBIC_SOURCE; PYTHON names another python3.
 *
 *     node bench/generate.ts [rounds, default 5] [databases, default postgresql,sqlite] [tables, default 500]
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '../plugins/postgresql/connect.ts'
import { writeLargeProject } from './large-project.ts'

const [rounds, databases, tables] = [
  Number(process.argv[2] ?? 5),
  (process.argv[3] ?? 'postgresql,sqlite').split(','),
  Number(process.argv[4] ?? 500),
]
const repository = path.resolve(import.meta.dirname, '..')
const program = path.join(repository, 'dist/aludel.js')
const source = path.join(repository, 'scripts/aludel.ts')
const server = process.env['TEST_POSTGRES_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres'
const python = process.env['PYTHON'] ?? 'python3'
const { PATH, HOME, ALEMBIC_SOURCE } = process.env
const environment = { PATH, HOME, ...(ALEMBIC_SOURCE === undefined ? {} : { PYTHONPATH: ALEMBIC_SOURCE }) }

/** As multiples of what Alembic takes on the same database; MB. */
const bounds: Readonly<Record<string, { readonly aim: number; readonly limit: number }>> = {
  postgresql: { aim: 0.4, limit: 0.5 },
  sqlite: { aim: 0.35, limit: 0.5 },
}
const memoryBound = { aim: 190, limit: 250 }

interface Row {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Written by it and taken away again. */
  readonly writes?: 'migrations' | 'alembic/versions'
}

const generate = ['revision', '--autogenerate', '--message', 'Changed']
const rows: readonly Row[] = [
  { name: 'aludel', program: process.execPath, args: [program, ...generate], writes: 'migrations' },
  { name: 'aludel, sources', program: process.execPath, args: [source, ...generate], writes: 'migrations' },
  { name: 'MikroORM', program: process.execPath, args: ['mikro-orm.mjs'] },
  {
    name: 'Alembic',
    program: python,
    args: ['-m', 'alembic.config', ...generate],
    writes: 'alembic/versions',
  },
]
const changes: readonly Readonly<Record<string, string>>[] = [{}, { BENCH_CHANGE: '1' }]

function run(
  { name, program: file, args }: Row,
  cwd: string,
  change: Readonly<Record<string, string>> = {},
): number {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: { ...environment, ...change },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const ms = performance.now() - start
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${(stdout + stderr).slice(-2000)}`)
  return ms
}

/** The run's milliseconds; what it wrote is looked at, and taken away. */
function measure(row: Row, folder: string, change: Readonly<Record<string, string>>): number {
  const list = (): readonly string[] =>
    row.writes === undefined
      ? []
      : readdirSync(path.join(folder, row.writes)).filter((file) => /\.(ts|py)$/.test(file))
  const before = new Set(list())
  const ms = run(row, folder, change)
  const written = list()
    .filter((file) => !before.has(file))
    .map((file) => path.join(folder, row.writes ?? '', file))
  const hasChange = written.some((file) => /extra/.test(readFileSync(file, 'utf8')))
  const operations = written.flatMap((file) => readFileSync(file, 'utf8').match(/\bop\.\w+/g) ?? [])
  if (row.writes !== undefined && (hasChange !== 'BENCH_CHANGE' in change || operations.length > 2))
    throw new Error(
      `${row.name} wrote what was not expected: ${operations.slice(0, 9).join(', ')} in ${written.join(', ')}`,
    )
  for (const file of written) rmSync(file)
  return ms
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Greatest resident set, in MB. */
function memoryOf(folder: string): number {
  const args = ['--import', './memory.mjs', program, ...generate]
  measure({ name: 'aludel', program: process.execPath, args, writes: 'migrations' }, folder, {
    BENCH_CHANGE: '1',
  })
  return Number(readFileSync(path.join(folder, 'memory.txt'), 'utf8')) / 1024
}

/** Both databases are built by the history that each tool generates of nothing. */
function build(folder: string, hasAlembic: boolean): void {
  run({ name: 'aludel', program: process.execPath, args: [program, ...generate] }, folder)
  run({ name: 'aludel', program: process.execPath, args: [program, 'upgrade'] }, folder)
  if (!hasAlembic) return
  run({ name: 'Alembic', program: python, args: ['-m', 'alembic.config', ...generate] }, folder)
  run({ name: 'Alembic', program: python, args: ['-m', 'alembic.config', 'upgrade', 'head'] }, folder)
}

function tell(
  what: string,
  value: number,
  { aim, limit }: { readonly aim: number; readonly limit: number },
): void {
  const verdict = value > limit ? 'MISSED' : value > aim ? 'the aim is missed' : 'reached'
  if (value > limit) process.exitCode = 1
  console.log(`${what} (aim ${aim}, at most ${limit}: ${verdict})`)
}

function compare(database: string, folder: string): void {
  const hasAlembic = spawnSync(python, ['-c', 'import alembic.config'], { env: environment }).status === 0
  build(folder, hasAlembic)
  const measured = rows.filter(({ name }) => hasAlembic || name !== 'Alembic')
  const times = new Map(measured.map(({ name }) => [name, changes.map((): number[] => [])]))
  // Round 0 warms file caches, Node's compile cache and Python's, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [at, change] of changes.entries()) {
      for (const row of measured) {
        const ms = measure(row, folder, change)
        if (round > 0) times.get(row.name)?.[at]?.push(ms)
      }
    }
  }
  const ms = (name: string, at: number): number => median(times.get(name)?.[at] ?? [])
  console.log(
    `\n${database}, ${tables} tables, median of ${rounds} alternating runs, Node ${process.versions.node}\n`,
  )
  console.log(`${''.padEnd(18)}${'no change'.padStart(12)}${'one change'.padStart(14)}`)
  for (const { name } of measured)
    console.log(
      `${name.padEnd(18)}${ms(name, 0).toFixed(0).padStart(9)} ms${ms(name, 1).toFixed(0).padStart(11)} ms`,
    )
  console.log('')
  for (const against of measured
    .map(({ name }) => name)
    .filter((name) => name === 'Alembic' || name === 'MikroORM')) {
    for (const [at, title] of ['no change', 'one change'].entries()) {
      const ratio = ms('aludel', at) / ms(against, at)
      const bound = against === 'Alembic' ? bounds[database] : undefined
      const line = `${title}: ${ratio.toFixed(2)} x ${against}`
      if (bound) tell(line, ratio, bound)
      else console.log(line)
    }
  }
  if (!hasAlembic)
    console.log(
      `Alembic is missing: ${python} cannot import it; install python3-alembic, or set ALEMBIC_SOURCE.`,
    )
  const memory = memoryOf(folder)
  tell(`memory: ${memory.toFixed(0)} MB`, memory, memoryBound)
}

async function onServer(work: (urlOf: (name: string) => string) => void): Promise<void> {
  const session = await connect(server)
  const names = ['aludel', 'alembic'].map((tool) => `bench_generate_${process.pid}_${tool}`)
  try {
    for (const name of names) await session.simple(`create database ${name}`)
    work((tool) => {
      const url = new URL(server)
      url.pathname = `/bench_generate_${process.pid}_${tool}`
      return url.href
    })
  } finally {
    for (const name of names) await session.simple(`drop database if exists ${name} with (force)`)
    await session.close()
  }
}

if (!existsSync(program)) throw new Error('dist/ is missing: run `npm run build` first')
for (const database of databases) {
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel-bench-'))
  const bench = (urlOf: (name: string) => string): void => {
    const url = { aludel: urlOf('aludel'), alembic: urlOf('alembic') }
    writeLargeProject(folder, { tables, url, packages: path.join(repository, 'node_modules') })
    compare(database, folder)
  }
  try {
    if (database === 'sqlite') bench((name) => `sqlite:${path.join(folder, `${name}.db`)}`)
    else await onServer(bench)
  } finally {
    if (process.env['BENCH_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
  }
}
