/**
 * `aludel history` of the built program on 10,000 revision files as a whole process, against Alembic's `history` on the same graph and
 * against a bare scan of the files, in one run. The runs alternate and medians count. Needs dist/ (`npm run build`). Alembic is
 * python3's own (apt: python3-alembic), or its source in the folder ALEMBIC_SOURCE; PYTHON names another python3.
 *
 *     node bench/history.ts [rounds, default 7]
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { operationText } from '../src/operations/text.ts'
import { revisionText } from '../src/revision/write.ts'

const count = 10_000
const rounds = Number(process.argv[2] ?? 7)
const program = path.resolve(import.meta.dirname, '../dist/aludel.js')
const python = process.env['PYTHON'] ?? 'python3'
const { PATH, HOME, ALEMBIC_SOURCE: source } = process.env
const environment = { PATH, HOME, ...(source === undefined ? {} : { PYTHONPATH: source }) }

interface Row {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
}

/** No more than to read the files. */
const read = `
import { readdirSync, readFileSync } from 'node:fs'
let length = 0
for (const name of readdirSync('migrations')) length += readFileSync('migrations/' + name, 'utf8').length
`

/** To read the constants of each header as well, in the simplest way. */
const scan = `
import { readdirSync, readFileSync } from 'node:fs'
const found = new Map()
for (const name of readdirSync('migrations')) {
  const text = readFileSync('migrations/' + name, 'utf8')
  const constants = text.matchAll(/^export const (\\w+).*? = (.*)$/gm)
  const header = Object.fromEntries(Array.from(constants, ([, name, value]) => [name, value]))
  found.set(header.revision, header)
}
if (found.size !== ${count}) throw new Error('a header was not read')
`

const rows: readonly Row[] = [
  { name: 'node -e 0', program: process.execPath, args: ['-e', '0'] },
  { name: 'reading alone', program: process.execPath, args: ['read.mjs'] },
  { name: 'bare scan of headers', program: process.execPath, args: ['scan.mjs'] },
  { name: 'aludel history', program: process.execPath, args: [program, 'history'] },
  { name: 'aludel history --json', program: process.execPath, args: [program, 'history', '--json'] },
  { name: 'alembic history', program: python, args: ['-m', 'alembic', 'history'] },
]

/** A chain with a merge every 100, in both languages. */
function write(folder: string): void {
  for (const name of ['migrations', 'versions']) mkdirSync(path.join(folder, name))
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(path.join(folder, 'aludel.config.json'), '{ "url": "sqlite:bench.db" }')
  writeFileSync(path.join(folder, 'read.mjs'), read)
  writeFileSync(path.join(folder, 'scan.mjs'), scan)
  writeFileSync(path.join(folder, 'alembic.ini'), '[alembic]\nscript_location = %(here)s\n')
  writeFileSync(path.join(folder, 'env.py'), '')
  for (let at = 0; at < count; at++) {
    const [revision, message] = [id(at), `Add column ${at} to users`]
    const parents = parentsOf(at).map(id)
    writeFileSync(
      path.join(folder, `migrations/${revision}_add_column_${at}_to_users.ts`),
      revisionText(
        {
          revision,
          downRevision: parents,
          branchLabels: [],
          dependsOn: [],
          message,
          createdAt: new Date('2026-11-22T07:30:00Z'),
          upgrade: [
            operationText({
              kind: 'addColumn',
              table: 'users',
              column: { name: `c${at}`, type: 'string', length: 500, nullable: true },
            }),
          ],
          downgrade: [operationText({ kind: 'dropColumn', table: 'users', column: `c${at}` })],
        },
        { timezone: 'UTC' },
      ),
    )
    writeFileSync(
      path.join(folder, `versions/${revision}_add_column_${at}_to_users.py`),
      alembicText(revision, parents, message, `c${at}`),
    )
  }
}

/** Two lines of 49 and 50 leave each merge and meet in the next. */
function parentsOf(at: number): readonly number[] {
  const [start, step] = [at - (at % 100), at % 100]
  if (at === 0) return []
  if (step === 0) return [start - 51, start - 1]
  return [step === 50 ? start : at - 1]
}

function id(at: number): string {
  return (Math.imul(at + 1, 2_654_435_761) >>> 0).toString(16).padStart(12, '0')
}

function alembicText(revision: string, parents: readonly string[], message: string, column: string): string {
  const [quoted, [first]] = [parents.map((parent) => `'${parent}'`), parents]
  const down = parents.length > 1 ? `(${quoted.join(', ')})` : first === undefined ? 'None' : `'${first}'`
  return `"""${message}

Revision ID: ${revision}
Revises: ${parents.join(', ')}
Create Date: 2026-11-22 07:30:00

"""
from alembic import op
import sqlalchemy as sa

revision = '${revision}'
down_revision = ${down}
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('users', sa.Column('${column}', sa.String(length=500), nullable=True))


def downgrade():
    op.drop_column('users', '${column}')
`
}

/** Milliseconds of a whole process, and how many lines it prints. */
function run(
  { name, program: file, args }: Row,
  cwd: string,
): { readonly ms: number; readonly lines: number } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const ms = performance.now() - start
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`)
  return { ms, lines: stdout.split('\n').length - 1 }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (!existsSync(program)) throw new Error('dist/ is missing: run `npm run build` first')
const folder = mkdtempSync(path.join(tmpdir(), 'aludel-bench-'))
try {
  write(folder)
  const hasAlembic = spawnSync(python, ['-c', 'import alembic.config'], { env: environment }).status === 0
  const measured = rows.filter(({ name }) => hasAlembic || !name.startsWith('alembic'))
  const times = new Map(measured.map(({ name }) => [name, [] as number[]]))
  // Round 0 warms file caches, Node's compile cache and Python's, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const row of measured) {
      const { ms, lines } = run(row, folder)
      if (row.name.endsWith('history') && lines !== count) throw new Error(`${row.name}: ${lines} lines`)
      if (round > 0) times.get(row.name)?.push(ms)
    }
  }
  const medians = new Map([...times].map(([name, values]) => [name, median(values)]))
  const ms = (name: string): number => medians.get(name) ?? Number.NaN
  console.log(
    `${count} revision files, median of ${rounds} alternating runs, Node ${process.versions.node}\n`,
  )
  for (const { name } of measured) console.log(`${name.padEnd(24)}${ms(name).toFixed(0).padStart(6)} ms`)
  console.log('')
  const tell = (against: string, { aim, limit }: { readonly aim: number; readonly limit: number }): void => {
    const ratio = ms('aludel history') / ms(against)
    const verdict = ratio > limit ? 'MISSED' : ratio > aim ? 'the aim is missed' : 'reached'
    if (ratio > limit) process.exitCode = 1
    console.log(
      `aludel history is ${ratio.toFixed(3)} x ${against} (aim ${aim}, at most ${limit}: ${verdict})`,
    )
  }
  if (hasAlembic) tell('alembic history', { aim: 0.1, limit: 0.15 })
  else
    console.log(
      `Alembic is missing: ${python} cannot import it; install python3-alembic, or set ALEMBIC_SOURCE.`,
    )
  tell('bare scan of headers', { aim: 1.5, limit: 2 })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
