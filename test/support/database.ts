import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import { expectCleanLedgers } from './canary.ts'
import { afterTest } from './cleanup.ts'
import { copyPglite } from './pglite.ts'
import type { DialectName, ServerName } from './servers.ts'
import { sql } from './sql.ts'

export interface TestDatabase {
  readonly url: string
  /** Empties it, for the next test: a server takes a second to make another. */
  clear(): Promise<void>
  /** Ends what is still connected. Safe to call twice. */
  drop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * It creates an empty database for one test, dropped after it also when it fails. In a hook: `afterAll(() => it.drop())`.
 * @param dialect one whose server answers (inside `describeDialects` it does)
 */
export async function database(dialect: DialectName): Promise<TestDatabase> {
  const { url, remove } = await places[dialect]()
  let dropped: Promise<void> | undefined
  const end = async () => {
    try {
      await expectCleanLedgers(dialect, url)
    } finally {
      await remove()
    }
  }
  const drop = () => (dropped ??= end())
  afterTest(drop)
  return { url, clear: () => clears[dialect](url), drop, [Symbol.asyncDispose]: drop }
}

const places: Readonly<Record<DialectName, () => Place | Promise<Place>>> = {
  sqlite: () => temporary('sqlite', 'test.db'),
  postgresql: () => onServer('postgresql'),
  mariadb: () => onServer('mariadb'),
  mysql: () => onServer('mysql'),
  pglite: () => {
    const place = temporary('pglite', 'data')
    copyPglite(place.url.slice('pglite:'.length))
    return place
  },
}

const clears: Readonly<Record<DialectName, (url: string) => Promise<void>>> = {
  sqlite: async (url) => rmSync(url.slice('sqlite:'.length), { force: true }),
  postgresql: async (url) => {
    await sql(url, 'drop schema public cascade', 'create schema public')
  },
  mariadb: clearMysql,
  mysql: clearMysql,
  pglite: async (url) => {
    const folder = url.slice('pglite:'.length)
    rmSync(folder, { recursive: true, force: true })
    copyPglite(folder)
  },
}

async function clearMysql(url: string): Promise<void> {
  const tables = await sql(
    url,
    'select table_name from information_schema.tables where table_schema = database()',
  )
  const drops = tables.map(([name]) => `drop table \`${String(name)}\``)
  if (drops.length > 0) await sql(url, 'set foreign_key_checks = 0', ...drops)
}

interface Place {
  readonly url: string
  readonly remove: () => Promise<void>
}

function temporary(scheme: string, name: string): Place {
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_'))
  const remove = async () => rmSync(folder, { recursive: true, force: true })
  return { url: `${scheme}:${path.join(folder, name)}`, remove }
}

async function onServer(dialect: ServerName): Promise<Place> {
  const server = inject('servers')[dialect]
  if ('missing' in server) throw new Error(`no ${dialect}: ${server.missing}`)
  const name = `aludel_test_${randomBytes(6).toString('hex')}`
  const url = new URL(server.url)
  url.protocol = `${dialect}:`
  url.pathname = `/${name}`
  const place = { url: url.href, remove: () => removals[dialect](server.url, name) }
  // Nothing can be connected to template0, so nothing keeps it from being copied.
  await sql(server.url, `create database ${name}${dialect === 'postgresql' ? ' template template0' : ''}`)
  return place
}

const removals: Readonly<Record<ServerName, typeof removeFromMysql>> = {
  postgresql: async (url, name) => {
    await sql(url, `drop database if exists ${name} with (force)`)
  },
  mariadb: removeFromMysql,
  mysql: removeFromMysql,
}

/** An open transaction would keep `drop database` waiting. */
async function removeFromMysql(url: string, name: string): Promise<void> {
  const open = await sql(url, `select id from information_schema.processlist where db = '${name}'`)
  for (const [id] of open) await sql(url, `kill ${String(id)}`).catch(() => undefined)
  await sql(url, `drop database if exists ${name}`)
}
