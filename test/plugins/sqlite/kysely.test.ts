import { Client } from 'pg'
import { createConnection } from 'mysql2/promise'
import { type Kysely, sql } from 'kysely'
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { type Family, kyselyOn } from '../../../plugins/kysely.ts'
import sqlite from '../../../plugins/sqlite/index.ts'
import type { Session } from '../../../src/dialect.ts'
import { memory } from './support.ts'

interface Database {
  readonly aludel_test_kysely: { readonly id: number; readonly name: string | null }
}

const servers = inject('servers')

/** A plain session on each database: what the dialects' own give. */
const open: Readonly<Record<Family, () => Promise<Session | undefined>>> = {
  sqlite: () => memory(),
  postgresql: async () => {
    if ('missing' in servers.postgresql) return undefined
    const client = new Client({ connectionString: servers.postgresql.url })
    await client.connect()
    onTestFinished(() => client.end())
    return sessionOf(async (text, params) => (await client.query(text, [...params])).rows)
  },
  mysql: async () => {
    if ('missing' in servers.mariadb) return undefined
    const connection = await createConnection(servers.mariadb.url.replace(/^mariadb:/, 'mysql:'))
    onTestFinished(async () => {
      await connection.query('drop database aludel_test_kysely')
      await connection.end()
    })
    await connection.query('create database if not exists aludel_test_kysely')
    await connection.query('use aludel_test_kysely')
    return sessionOf(async (text, params) => {
      const [rows] = await connection.query(text, [...params])
      return Array.isArray(rows) ? rows : []
    })
  },
}

function sessionOf(run: (text: string, params: readonly unknown[]) => Promise<readonly unknown[]>): Session {
  return {
    // The rows are what the test says they are.
    query: async <T>(text: string, params: readonly unknown[] = []) => (await run(text, params)) as T[],
    simple: async (text) => void (await run(text, [])),
    cancel: async () => {},
    ref: () => {},
    unref: () => {},
    closed: false,
    close: async () => {},
  }
}

describe.each<Family>(['sqlite', 'postgresql', 'mysql'])('kysely on %s', (family) => {
  let db: Kysely<Database>

  beforeEach(async (context) => {
    const session = await open[family]()
    if (!session) return context.skip(`no server for ${family}`)
    const temporary = family === 'sqlite' ? 'create table' : 'create temporary table'
    await session.simple(`${temporary} aludel_test_kysely (id integer primary key, name varchar(10))`)
    // The contract knows no kysely.
    db = (await kyselyOn(session, family)) as Kysely<Database>
  })

  test('selects, inserts, updates and deletes, and tells how many rows', async () => {
    const table = 'aludel_test_kysely'
    const inserted = await db
      .insertInto(table)
      .values([
        { id: 1, name: 'a' },
        { id: 2, name: null },
        { id: 3, name: "it's" },
      ])
      .executeTakeFirst()
    expect(inserted.numInsertedOrUpdatedRows).toBe(3n)
    const updated = await db.updateTable(table).set({ name: 'b' }).where('id', '>', 1).executeTakeFirst()
    expect(updated.numUpdatedRows).toBe(2n)
    const none = await db.updateTable(table).set({ name: 'c' }).where('id', '=', 9).executeTakeFirst()
    expect(none.numUpdatedRows).toBe(0n)
    const deleted = await db.deleteFrom(table).where('id', '=', 3).executeTakeFirst()
    expect(deleted.numDeletedRows).toBe(1n)
    expect(await db.selectFrom(table).selectAll().orderBy('id').execute()).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ])
    expect(
      (
        await sql<{
          n: number | string
        }>`select count(*) as n from aludel_test_kysely where id = ${1}`.execute(db)
      ).rows.map(({ n }) => Number(n)),
    ).toEqual([1])
    const streamed: unknown[] = []
    for await (const row of db.selectFrom(table).select('id').orderBy('id').stream()) streamed.push(row)
    expect(streamed).toEqual([{ id: 1 }, { id: 2 }])
  })

  // MySQL has no `returning`.
  test.skipIf(family === 'mysql')('gives the rows that a statement returns', async () => {
    const table = 'aludel_test_kysely'
    expect(await db.insertInto(table).values({ id: 1, name: 'a' }).returningAll().execute()).toEqual([
      { id: 1, name: 'a' },
    ])
    expect(await db.updateTable(table).set({ name: 'b' }).returning('name').execute()).toEqual([
      { name: 'b' },
    ])
    expect(await db.deleteFrom(table).returning('id').execute()).toEqual([{ id: 1 }])
  })

  test('begins no transaction of its own', async () => {
    await expect(db.transaction().execute(async () => undefined)).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
    })
    expect(await db.selectFrom('aludel_test_kysely').selectAll().execute()).toEqual([])
  })
})

test('a kysely of the dialect works in a step, and its changes go with the step', async () => {
  const session = await memory('create table aludel_test_kysely (id integer primary key, name text)')
  const work = async (inside: Session) => {
    const db = (await sqlite.kysely(inside)) as Kysely<Database>
    const { insertId } = await db
      .insertInto('aludel_test_kysely')
      .values({ id: 7, name: 'a' })
      .executeTakeFirstOrThrow()
    expect(insertId).toBe(7n)
    throw new Error('no')
  }
  await expect(sqlite.step(async () => session, { table: 'ledger', wait: 0 }, work)).rejects.toThrow('no')
  expect(await session.query('select * from aludel_test_kysely')).toEqual([])
})
