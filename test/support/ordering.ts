/** The ordering app of examples/ordering as a user's project, and the changes that the guide makes to it. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Project } from './project.ts'
import { sql } from './sql.ts'

const folder = path.join(import.meta.dirname, '..', '..', 'examples', 'ordering', 'entities')

/** Files of a project that has the example's entities and a configuration. */
export function orderingFiles(
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  const entities = readdirSync(folder).map((name): [string, string] => [
    `entities/${name}`,
    readFileSync(path.join(folder, name), 'utf8'),
  ])
  return {
    ...Object.fromEntries(entities),
    'aludel.config.json': JSON.stringify({ entities: 'entities/*.ts', ...more }),
  }
}

/** Replaces text in an entity's file; what it replaces must be there. */
function edit({ folder: root }: Project, name: string, from: string | RegExp, to: string): void {
  const file = path.join(root, 'entities', name)
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(from, to)
  if (changed === text) throw new Error(`${name} does not hold ${String(from)}`)
  writeFileSync(file, changed)
}

export const edits = {
  addColumns: (project: Project) =>
    edit(
      project,
      'user.ts',
      '    createdAt:',
      '    address: p.string().length(500).nullable(),\n    dateOfBirth: p.date().nullable(),\n    createdAt:',
    ),
  addProductColumn: (project: Project) =>
    edit(project, 'product.ts', '    active:', '    weightGrams: p.integer().default(0),\n    active:'),
  renamePhone: (project: Project) => edit(project, 'user.ts', '    phone:', '    phoneNumber:'),
  removeFax: (project: Project) => edit(project, 'user.ts', /\n {4}\/\*\*[^\n]*\n {4}fax:[^\n]*/, ''),
} as const

/** Inserts 200 rows into each table, with text of several scripts, quotes and nulls. */
export async function fill(url: string): Promise<void> {
  const ids = Array.from({ length: 200 }, (_, at) => at + 1)
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`
  const order = url.startsWith('mysql') || url.startsWith('mariadb') ? '`orders`' : '"orders"'
  const rows = (row: (id: number) => string): string => ids.map((id) => `(${row(id)})`).join(', ')
  await sql(
    url,
    `insert into users (id, email, name, phone, fax, created_at) values ${rows(
      (id) =>
        `${id}, ${quote(`user${id}@example.com`)}, ${quote(`ผู้ใช้ 'No.' ${id}`)}, ${id % 3 === 0 ? 'null' : quote(`+66 2 ${id}`)}, ${quote(`fax ${id}`)}, '2026-01-02 03:04:${10 + (id % 50)}'`,
    )}`,
    `insert into products (id, sku, name, price) values ${rows((id) => `${id}, ${quote(`SKU-${id}`)}, ${quote(`Product "${id}"`)}, ${id}.25`)}`,
    `insert into ${order} (id, user_id, placed_at) values ${rows((id) => `${id}, ${id}, '2026-02-03 04:05:${10 + (id % 50)}'`)}`,
    `insert into order_items (id, order_id, product_id, unit_price) values ${rows((id) => `${id}, ${id}, ${201 - id}, ${id}.5`)}`,
  )
}

const columns = {
  users: 'id, email, name, phone, fax, created_at',
  products: 'id, sku, name, price, active',
  orders: 'id, user_id, status, placed_at',
  order_items: 'id, order_id, product_id, quantity, unit_price',
} as const

/** Every value of every row that `fill` made, by the columns as they are called now; null: a column that is gone. */
export async function readRows(
  url: string,
  renamed: Readonly<Record<string, string | null>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const tables = Object.entries(columns).map(async ([table, list]) => {
    const names = list
      .split(', ')
      .map((name) => (name in renamed ? renamed[name] : name))
      .map((name) => name ?? 'null')
    const rows = await sql(url, `select ${names.join(', ')} from ${table} order by id`)
    return [table, rows]
  })
  return Object.fromEntries(await Promise.all(tables))
}
