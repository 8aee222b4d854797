/**
 * The guide's story on the ordering app, through the make targets, on an embedded SQLite file in a temporary copy of this
 * repository. Prints what it does, checks every claim itself, and leaves the copy behind for looking at.
 */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { styleText } from 'node:util'
import Database from 'better-sqlite3'
import { shell } from './support/shell.ts'

const repository = path.resolve(import.meta.dirname, '..')
const folder = mkdtempSync(path.join(tmpdir(), 'aludel-demo-'))
const database = path.join(folder, 'ordering.db')
const entities = path.join(folder, 'examples', 'ordering', 'entities')
const migrations = path.join(folder, 'migrations')

const copied = [
  'Makefile',
  'aludel.mk',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'config',
  'examples',
  'plugins',
  'scripts',
  'src',
]

/** The environment without what would lead the copy to another database, or make to other variables. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:ALUDEL_|DATABASE_URL$|DIRECT_URL$|MAKE|MFLAGS$|MIKRO_ORM_)/.test(name),
  ),
)
const sh = shell({ cwd: folder, env: { ...env, NO_COLOR: '1' }, quiet: true })

async function main(): Promise<void> {
  for (const name of copied)
    cpSync(path.join(repository, name), path.join(folder, name), {
      recursive: true,
      preserveTimestamps: true,
    })
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'))
  rmSync(migrations, { recursive: true, force: true })

  title('The first revision, from the entities in examples/ordering')
  await create('First tables')
  await make(['migrate-up'])
  assert.deepEqual(tables(), ['order_items', 'orders', 'products', 'users'])

  title('200 rows go into each table')
  fill()
  const rows = readRows()
  say('users, products, orders, order_items: 200 rows each')

  title('Users get an address and a date of birth')
  edit(
    'user.ts',
    '    createdAt:',
    '    address: p.string().length(500).nullable(),\n    dateOfBirth: p.date().nullable(),\n    createdAt:',
  )
  const file = await create('Add address and date_of_birth to users')
  say(readFileSync(file, 'utf8'))
  await make(['migrate-up'])
  assert.deepEqual(columns('users').slice(-2), ['address', 'date_of_birth'])
  assertRows(rows)

  title('Products get a weight')
  edit('product.ts', '    active:', '    weightGrams: p.integer().default(0),\n    active:')
  await create('Add weight to products')
  await make(['migrate-up'])
  assertRows(rows)

  title('phone becomes phone_number: a rename is written by hand, so that no value is lost')
  const renaming = await create('Rename phone to phone_number', ['empty=1'])
  fillFunction(renaming, 'upgrade', "  op.renameColumn('users', 'phone', 'phone_number')")
  fillFunction(renaming, 'downgrade', "  op.renameColumn('users', 'phone_number', 'phone')")
  edit('user.ts', '    phone:', '    phoneNumber:')
  await make(['migrate-up'])
  assertRows(rows, { phone: 'phone_number' })

  title('The deprecated fax goes')
  edit('user.ts', /\n {4}\/\*\*[^\n]*\n {4}fax:[^\n]*/, '')
  await create('Remove fax from users')
  await make(['migrate-up'])
  assert(!columns('users').includes('fax'))
  assertRows(rows, { phone: 'phone_number', fax: null })

  title('Entities, history and database agree; another create writes nothing')
  await make(['migrate-check'])
  const before = readdirSync(migrations)
  await make(['migrate-create', 'msg=Nothing'])
  assert.deepEqual(readdirSync(migrations), before)

  title('Where are we?')
  const history = await make(['migrate-history'])
  assert.equal(history.trim().split('\n').length, 5)
  assert.match(await make(['migrate-current']), /\(head\)\n5 applied, 0 pending/)

  title('One down and one up again')
  const catalog = readCatalog()
  await make(['migrate-down'])
  assert(columns('users').includes('fax'))
  await make(['migrate-up', 'to=+1'])
  assert.equal(readCatalog(), catalog)
  assertRows(rows, { phone: 'phone_number', fax: null })

  title(
    "Down to base, where only the ledger's tables are left, and up to head, where the catalog is as before",
  )
  await make(['migrate-down', 'to=base'])
  assert.deepEqual(tables(), [])
  await make(['migrate-up'])
  assert.equal(readCatalog(), catalog)

  console.log(`\n${styleText('green', 'The demo did all that it told.')} Look at it in ${folder}`)
}

/** Runs one make target, prints the call and what it said, and gives its standard output. */
async function make(args: readonly string[]): Promise<string> {
  console.log(
    styleText(
      'bold',
      `$ make ${args.map((arg) => (arg.includes(' ') ? arg.replace('=', '="') + '"' : arg)).join(' ')}`,
    ),
  )
  const result = await sh`make --no-print-directory ${args}`.nothrow()
  say(result.stderr + result.stdout)
  assert.equal(result.exitCode, 0, `make ${args.join(' ')} ended with ${result.exitCode}`)
  return result.stdout
}

/** Gives the path of the file that the call wrote. */
async function create(message: string, more: readonly string[] = []): Promise<string> {
  const before = new Set(listMigrations())
  await make(['migrate-create', `msg=${message}`, ...more])
  const [file, ...others] = listMigrations().filter((name) => !before.has(name))
  assert(file !== undefined && others.length === 0, 'exactly one file is written')
  return path.join(migrations, file)
}

function listMigrations(): readonly string[] {
  try {
    return readdirSync(migrations)
  } catch {
    return []
  }
}

function edit(name: string, from: string | RegExp, to: string): void {
  const file = path.join(entities, name)
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(from, to)
  assert.notEqual(changed, text, `${name} has ${String(from)}`)
  writeFileSync(file, changed)
  say(`(examples/ordering/entities/${name} edited)`)
}

function fillFunction(file: string, name: string, line: string): void {
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(
    `export function ${name}(op: Operations) {}`,
    `export function ${name}(op: Operations) {\n${line}\n}`,
  )
  assert.notEqual(changed, text)
  writeFileSync(file, changed)
  say(`(${path.relative(folder, file)}: ${name} is now ${line.trim()})`)
}

function withDatabase<T>(work: (db: Database.Database) => T): T {
  const db = new Database(database)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

function tables(): readonly string[] {
  return withDatabase((db) =>
    db
      .prepare(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'aludel_%' order by name",
      )
      .pluck()
      .all()
      .map(String),
  )
}

function columns(table: string): readonly string[] {
  return withDatabase((db) =>
    db.prepare('select name from pragma_table_info(?)').pluck().all(table).map(String),
  )
}

/** Every object's own text, the ledger aside. */
function readCatalog(): string {
  const rows = withDatabase((db) =>
    db
      .prepare(
        "select type, name, sql from sqlite_master where tbl_name not like 'aludel_%' and name not like 'sqlite_%' order by type, name",
      )
      .all(),
  )
  return JSON.stringify(rows, null, 2)
}

function fill(): void {
  withDatabase((db) => {
    const ids = Array.from({ length: 200 }, (_, at) => at + 1)
    const insert = (
      table: string,
      columns: readonly string[],
      row: (id: number) => readonly unknown[],
    ): void => {
      const statement = db.prepare(
        `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      )
      for (const id of ids) statement.run(...row(id))
    }
    db.transaction(() => {
      insert('users', ['id', 'email', 'name', 'phone', 'fax'], (id) => [
        id,
        `user${id}@example.com`,
        `ผู้ใช้ 'No.' ${id} 🎉`,
        id % 3 === 0 ? null : `+66 2 ${id}`,
        `fax-${id}`,
      ])
      insert('products', ['id', 'sku', 'name', 'price'], (id) => [id, `SKU-${id}`, `Product ${id}`, id / 8])
      insert('orders', ['id', 'user_id', 'placed_at'], (id) => [id, id, `2026-01-01 00:00:${id % 60}`])
      insert('order_items', ['id', 'order_id', 'product_id', 'unit_price'], (id) => [
        id,
        id,
        201 - id,
        id / 4,
      ])
    })()
  })
}

type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

function readRows(): Rows {
  return withDatabase((db) =>
    Object.fromEntries(
      ['users', 'products', 'orders', 'order_items'].map((table) => [
        table,
        // What a table's rows are, each value with its storage class.
        db
          .prepare(`select * from ${table} order by id`)
          .all()
          .map((row) =>
            typeof row === 'object' && row !== null ? Object.fromEntries(Object.entries(row)) : {},
          ),
      ]),
    ),
  )
}

/** Every value that went in is there, under the new name of its column; null: the column is gone. */
function assertRows(rows: Rows, renamed: Readonly<Record<string, string | null>> = {}): void {
  const now = readRows()
  for (const [table, before] of Object.entries(rows)) {
    assert.equal(now[table]?.length, before.length)
    for (const [at, row] of before.entries()) {
      for (const [column, value] of Object.entries(row)) {
        const name = column in renamed ? renamed[column] : column
        if (name != null)
          assert.deepEqual(now[table]?.[at]?.[name], value, `${table}.${name} of row ${at + 1}`)
      }
    }
  }
  say('(every row is as it went in)')
}

function title(text: string): void {
  console.log(`\n${styleText('cyan', `== ${text}`)}`)
}

function say(text: string): void {
  console.log(text.trimEnd().replace(/^/gm, '   '))
}

await main()
