/** Entities before, generated and applied; entities after, generated and applied; back, and forth again. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { catalog } from '../support/catalog.ts'
import type { TestDatabase } from '../support/database.ts'
import { type Project, project } from '../support/project.ts'
import type { DialectName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'
import { createWithMikroOrm } from './mikro-orm.ts'
import { allRows, lostValues } from './rows.ts'
import { type Entities, entitiesText, type Instance, numberIn, reasonFor, type Scenario } from './scenario.ts'

/** The project's, and one for the oracle; both empty. */
export type Databases = readonly [db: TestDatabase, other: TestDatabase]

/** What is wrong, by the number of the scenario; `undefined` of none. */
export type Problems = ReadonlyMap<number | undefined, readonly string[]>

/**
 * Carries scenarios through together, by the CLI, in one project and one database.
 * @throws when a command fails: then nobody can say of which scenario
 */
export async function carryThrough(
  dialect: DialectName,
  instances: readonly Instance[],
  databases: Databases,
): Promise<Problems> {
  const run = new Run(dialect, instances, databases)
  await run.everything()
  return run.problems
}

type Side = 'before' | 'after'

interface Difference {
  readonly object: string
}

class Run {
  readonly problems = new Map<number | undefined, string[]>()
  readonly #dialect: DialectName
  readonly #instances: readonly Instance[]
  readonly #db: TestDatabase
  readonly #other: TestDatabase
  readonly #app: Project
  readonly #unmanaged: readonly string[]

  constructor(dialect: DialectName, instances: readonly Instance[], [db, other]: Databases) {
    this.#dialect = dialect
    this.#instances = instances
    this.#db = db
    this.#other = other
    const all = (side: Side): Entities =>
      Object.assign({}, ...instances.map(({ scenario }) => scenario[side]))
    this.#unmanaged = instances.flatMap(({ scenario }) => scenario.unmanaged ?? [])
    const config = (side: Side) => JSON.stringify({ entities: `${side}.ts`, url: db.url })
    this.#app = project({
      'before.json': config('before'),
      'after.json': config('after'),
      'before.ts': entitiesText(all('before')),
      'after.ts': entitiesText(all('after')),
      'tsconfig.json': tsconfig,
    })
  }

  async everything(): Promise<void> {
    await this.#generate('before')
    await this.#aludel('before', 'upgrade', 'head')
    const rows = this.#instances.flatMap(({ scenario }) => scenario.rows ?? [])
    const outside = this.#instances.flatMap(({ scenario }) => scenario.outside ?? [])
    if (rows.length + outside.length > 0) await sql(this.#db.url, ...outside, ...rows)
    await this.#agrees('before', this.#db, 'at the beginning')
    const start = await this.#catalog(this.#db)
    const startRows = await allRows(this.#db.url)

    const renames = this.#instances.flatMap(({ scenario }) => scenario.renames ?? [])
    const file = await this.#generate('after', renames)
    this.#checkOperations(file)
    // A scenario of which nothing is seen, by itself.
    if (file === null) return
    await this.#aludel('after', 'upgrade', 'head', '--yes')
    await this.#agrees('after', this.#db, 'after the change')
    const lost = this.#instances.flatMap(({ scenario }) => scenario.loses ?? [])
    // Of a renamed value `users.mood#sad:unhappy` only the way back gives the old one.
    const others = renames.flatMap((answer) => /^(.+)#/.exec(answer)?.[1] ?? [])
    const kept = { renames, except: [...lost, ...others] }
    const changedRows = await allRows(this.#db.url)
    this.#note('after the change', lostValues(startRows, changedRows, kept))
    await this.#expectations()
    await this.#compareWithMikroOrm()

    await this.#aludel('after', 'downgrade', '-1')
    await this.#agrees('before', this.#db, 'after going back')
    const respelled = this.#numbers(({ respelled: is }) => is === true)
    const same = (texts: readonly string[]) => texts.filter((text) => !respelled.has(numberIn(text)))
    this.#note('after going back', differing(same(start), same(await this.#catalog(this.#db))))
    const backRows = await allRows(this.#db.url)
    this.#note(
      'after going back',
      lostValues(startRows, backRows, {
        renames: [],
        except: this.#gone(startRows, changedRows, { renames, except: lost }),
      }),
    )
    await this.#aludel('after', 'upgrade', 'head', '--yes')
    await this.#agrees('after', this.#db, 'after going forth again')
    this.#checkFiles()
  }

  /** Values that nothing can bring back: those of dropped columns, and what a scenario says that it loses. */
  #gone(
    start: Awaited<ReturnType<typeof allRows>>,
    changed: typeof start,
    { renames, except }: { readonly renames: readonly string[]; readonly except: readonly string[] },
  ): readonly string[] {
    const renamed = new Map(
      renames.map((answer): [string, string] => [
        answer.slice(0, answer.lastIndexOf(':')),
        answer.slice(answer.lastIndexOf(':') + 1),
      ]),
    )
    return [
      ...except,
      ...Object.entries(start).flatMap(([table, rows]) => {
        const now = changed[renamed.get(table) ?? table]?.[0]
        return Object.keys(rows[0] ?? {})
          .filter((column) => !now || !((renamed.get(`${table}.${column}`) ?? column) in now))
          .map((column) => `${table}.${column}`)
      }),
    ]
  }

  #note(when: string, problems: readonly string[]): void {
    for (const problem of problems) {
      const number = numberIn(problem)
      this.problems.set(number, [...(this.problems.get(number) ?? []), `${when}: ${problem}`])
    }
  }

  async #aludel(side: Side, ...args: readonly string[]) {
    const { status, stdout, stderr } = await this.#app.run([...args, '--config', `${side}.json`, '--json'])
    const result = JSON.parse(stdout === '' ? '{}' : stdout)
    if (status !== 0 && !(status === 3 && args[0] === 'check'))
      throw new Error(`aludel ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`)
    return result
  }

  /** The path of the file. */
  async #generate(side: Side, renames: readonly string[] = []): Promise<string | null> {
    const answers = renames.flatMap((answer) => ['--rename', answer])
    const { path: file, warnings } = await this.#aludel(
      side,
      'revision',
      '--autogenerate',
      '-m',
      side,
      ...answers,
    )
    const unwritten = (warnings as readonly string[]).filter((warning) => warning.startsWith('Not written'))
    this.#note(`generating what the entities want ${side}`, unwritten)
    return file
  }

  /** Nothing differs, and nothing is generated. */
  async #agrees(side: Side, { url }: TestDatabase, when: string): Promise<void> {
    const { differences, unmanaged, pending } = await this.#aludel(side, 'check', '--url', url)
    this.#note(
      when,
      (differences as readonly Difference[]).map((each) => `${each.object} differs: ${JSON.stringify(each)}`),
    )
    if (url === this.#db.url) {
      const listed = (unmanaged as readonly { kind: string; name: string }[]).map(
        ({ kind, name }) => `${kind} ${name}`,
      )
      this.#note(when, differing([...this.#unmanaged].toSorted(), listed.toSorted()))
    }
    // With a revision to apply first, nothing is generated.
    if (pending.length > 0) return
    const { path: file } = await this.#aludel(
      side,
      'revision',
      '--autogenerate',
      '-m',
      'nothing',
      '--url',
      url,
    )
    if (file === null) return
    this.#note(`${when}, generated from the same entities`, this.#calls(file))
    rmSync(path.resolve(this.#app.folder, file))
  }

  /** The calls of `op` in the upgrade of a file. */
  #calls(file: string | null): readonly string[] {
    const text = file === null ? '' : readFileSync(path.resolve(this.#app.folder, file), 'utf8')
    const upgrade = text.slice(
      text.indexOf('export function upgrade'),
      text.indexOf('export function downgrade'),
    )
    // A comment speaks of the call below it.
    const calls = upgrade.replace(/^ *\/\/.*\n/gm, '')
    return calls.split(/^ {2}(?=(?:await )?op\.)/m).slice(1)
  }

  #checkOperations(file: string | null): void {
    const kinds = Map.groupBy(this.#calls(file), numberIn)
    for (const { number, scenario } of this.#instances) {
      const found = (kinds.get(number) ?? []).map((call) => /op\.(\w+)/.exec(call)?.[1] ?? call)
      const wanted = reasonFor(this.#dialect, scenario.unseen) === undefined ? scenario.operations : []
      if (wanted && JSON.stringify(found) !== JSON.stringify(wanted))
        this.#note('generated', [`_s${number} has the operations ${found.join(', ')}`])
      const isNamed = /_s\d/.test(JSON.stringify(scenario))
      if (!wanted && isNamed && found.length === 0) this.#note('generated', [`_s${number} has no operation`])
    }
  }

  async #expectations(): Promise<void> {
    for (const { number, scenario } of this.#instances) {
      if (!scenario.expect) continue
      const [query, rows] = scenario.expect
      const found = await sql(this.#db.url, query)
      if (JSON.stringify(found) !== JSON.stringify(rows))
        this.#note('after the change', [`_s${number}: ${query} gives ${JSON.stringify(found)}`])
    }
  }

  /** The same entities in a database that the history did not make. */
  async #compareWithMikroOrm(): Promise<void> {
    createWithMikroOrm(this.#app.folder, 'after.ts', this.#dialect, this.#other.url)
    const other = this.#numbers(
      ({ keepsNames, outside, respelled }) =>
        keepsNames === true || outside !== undefined || respelled === true,
    )
    const ours = (texts: readonly string[]) => texts.filter((text) => !other.has(numberIn(text)))
    this.#note(
      'beside what MikroORM makes',
      differing(ours(await this.#catalog(this.#other)), ours(await this.#catalog(this.#db))),
    )
    await this.#aludel('after', 'stamp', 'head', '--url', this.#other.url)
    await this.#agrees('after', this.#other, 'in a database that MikroORM made')
  }

  #numbers(is: (scenario: Scenario) => boolean): ReadonlySet<number | undefined> {
    return new Set(this.#instances.filter(({ scenario }) => is(scenario)).map(({ number }) => number))
  }

  #catalog({ url }: TestDatabase): Promise<readonly string[]> {
    return catalog(url, { columnOrder: false })
  }

  /** Generated files pass the compiler, and are formatted. */
  #checkFiles(): void {
    const compiled = this.#program('tsc', '-p', this.#app.folder)
    if (compiled.status !== 0) this.#note('tsc of the generated files', [compiled.stdout])
    const folder = path.join(this.#app.folder, 'migrations')
    const written = texts(folder)
    this.#program('oxfmt', '--config', path.join(repository, '.oxfmtrc.json'), folder)
    const formatted = texts(folder)
    this.#note('formatted', differing(formatted, written))
  }

  #program(name: string, ...args: readonly string[]) {
    const program = path.join(repository, 'node_modules/.bin', name)
    return spawnSync(program, args, { cwd: this.#app.folder, encoding: 'utf8' })
  }
}

const repository = path.join(import.meta.dirname, '../..')

/** The lines of every file. */
function texts(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n'))
}

const tsconfig = JSON.stringify({
  extends: path.join(repository, 'tsconfig.json'),
  compilerOptions: {
    incremental: false,
    tsBuildInfoFile: null,
    typeRoots: [path.join(repository, 'node_modules/@types')],
    paths: { aludel: [path.join(repository, 'src/index.ts')] },
  },
  include: ['migrations/*.ts'],
})

/** What is on one side alone. */
function differing(expected: readonly string[], found: readonly string[]): readonly string[] {
  return [
    ...expected.filter((text) => !found.includes(text)).map((text) => `missing: ${text}`),
    ...found.filter((text) => !expected.includes(text)).map((text) => `too much: ${text}`),
  ]
}
