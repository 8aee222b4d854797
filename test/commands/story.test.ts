import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { catalog } from '../support/catalog.ts'
import { type TestDatabase, database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { edits, fill, orderingFiles, readRows } from '../support/ordering.ts'
import { type Project, project } from '../support/project.ts'

describeDialects('the story of the guide', (dialect) => {
  /** Runs a command that must succeed, and gives its JSON. */
  function runner(app: Project, { url }: TestDatabase) {
    return async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await app.run([...args, '--json'], { env: { DATABASE_URL: url } })
      expect(`${status} ${stderr}${status === 0 ? '' : stdout}`).toMatch(/^0 /)
      return JSON.parse(stdout)
    }
  }

  test(
    'keeps every row through four changes, agrees after each, and goes back to nothing and forth again',
    { timeout: 120_000 },
    async () => {
      const db = await database(dialect)
      const app = project(orderingFiles())
      const run = runner(app, db)
      const create = async (message: string) => {
        const { revision, path: file } = await run('revision', '--autogenerate', '-m', message)
        expect(revision).toMatch(/^[0-9a-f]{12}$/)
        return path.resolve(app.folder, file)
      }
      const settle = async () => {
        await run('upgrade', 'head')
        expect(await run('check')).toEqual({ ok: true, pending: [], differences: [], unmanaged: [] })
        const files = readdirSync(path.join(app.folder, 'migrations'))
        expect(await run('revision', '--autogenerate', '-m', 'nothing')).toMatchObject({
          revision: null,
          path: null,
          operations: 0,
        })
        expect(readdirSync(path.join(app.folder, 'migrations'))).toEqual(files)
      }

      await create('First tables')
      await settle()
      await fill(db.url)
      const rows = await readRows(db.url)

      edits.addColumns(app)
      const file = await create('Add address and date_of_birth to users')
      expect(readFileSync(file, 'utf8')).toContain(
        "  op.addColumn('users', { name: 'address', type: 'string', length: 500, nullable: true })\n",
      )
      expect(readFileSync(file, 'utf8')).toContain(
        "  op.addColumn('users', { name: 'date_of_birth', type: 'date', nullable: true })\n",
      )
      await settle()
      expect(await readRows(db.url)).toEqual(rows)

      edits.addProductColumn(app)
      await create('Add weight to products')
      await settle()
      expect(await readRows(db.url)).toEqual(rows)

      const { path: renaming } = await run('revision', '-m', 'Rename phone')
      writeFileSync(
        path.resolve(app.folder, renaming),
        readFileSync(path.resolve(app.folder, renaming), 'utf8')
          .replace(
            'upgrade(op: Operations) {',
            "upgrade(op: Operations) { op.renameColumn('users', 'phone', 'phone_number')",
          )
          .replace(
            'downgrade(op: Operations) {',
            "downgrade(op: Operations) { op.renameColumn('users', 'phone_number', 'phone')",
          ),
      )
      edits.renamePhone(app)
      await settle()
      expect(await readRows(db.url, { phone: 'phone_number' })).toEqual(rows)

      edits.removeFax(app)
      const removal = readFileSync(await create('Remove fax'), 'utf8')
      expect(removal).toContain("op.dropColumn('users', 'fax')")
      expect(removal).toContain(
        "op.addColumn('users', { name: 'fax', type: 'string', length: 30, nullable: true })",
      )
      await settle()
      const without = await readRows(db.url, { phone: 'phone_number', fax: null })

      const head = await catalog(db.url)
      expect(await run('current')).toMatchObject({ applied: 5, pending: 0, atHead: true })
      expect(await run('downgrade')).toMatchObject({
        steps: [{ direction: 'downgrade', message: 'Remove fax' }],
      })
      await run('upgrade', '+1')
      expect(await catalog(db.url)).toEqual(head)
      expect(await readRows(db.url, { phone: 'phone_number', fax: null })).toEqual(without)

      await run('downgrade', 'base')
      expect(await catalog(db.url)).toEqual([])
      expect(await run('current')).toMatchObject({ heads: [], applied: 0, pending: 5 })
      await run('upgrade')
      expect(await catalog(db.url)).toEqual(head)
    },
  )

  test('ends with the catalog that MikroORM itself would make', { timeout: 120_000 }, async () => {
    const [db, other] = await Promise.all([database(dialect), database(dialect)])
    const app = project(orderingFiles())
    const run = runner(app, db)
    await run('revision', '--autogenerate', '-m', 'First')
    await run('upgrade')
    for (const change of [edits.addColumns, edits.addProductColumn, edits.removeFax]) {
      change(app)
      await run('revision', '--autogenerate', '-m', 'Next')
      await run('upgrade')
    }
    await createWithMikroOrm(app, dialect, other.url)
    // A column added later stands last; nothing else may differ.
    expect(await catalog(db.url, { columnOrder: false })).toEqual(
      await catalog(other.url, { columnOrder: false }),
    )
  })

  test('takes over a database that has its tables', { timeout: 60_000 }, async () => {
    const db = await database(dialect)
    const app = project(orderingFiles())
    const run = runner(app, db)
    await createWithMikroOrm(app, dialect, db.url)
    const { operations } = await run('revision', '--autogenerate', '--from-empty', '-m', 'baseline')
    expect(operations).toBe(4)
    await run('stamp', 'head')
    expect(await run('check')).toMatchObject({ ok: true })
    edits.addColumns(app)
    await run('revision', '--autogenerate', '-m', 'Next')
    await run('upgrade')
    expect(await run('check')).toMatchObject({ ok: true })
  })
})

async function createWithMikroOrm(app: Project, dialect: string, url: string): Promise<void> {
  app.write({
    'create.mjs': `
      import { MikroORM } from '@mikro-orm/${dialect}'
      import { User } from './entities/user.ts'
      import { Product } from './entities/product.ts'
      import { Order } from './entities/order.ts'
      import { OrderItem } from './entities/order-item.ts'
      const url = ${JSON.stringify(url)}
      const place = /^(?:sqlite|pglite):/.test(url) ? { dbName: url.slice(7) } : { clientUrl: url.replace('mariadb:', 'mysql:') }
      const orm = new MikroORM({ ...place, entities: [User, Product, Order, OrderItem], ensureDatabase: false })
      await orm.schema.create()
      await orm.close(true)
    `,
  })
  const { spawnSync } = await import('node:child_process')
  const made = spawnSync(process.execPath, ['create.mjs'], { cwd: app.folder, encoding: 'utf8' })
  expect(made.stderr).toBe('')
  expect(made.status).toBe(0)
}
