import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import type { LockRequest, Session } from '../../../src/dialect.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Table } from '../../../src/schema/schema.ts'

export const lock: LockRequest = { table: 'aludel_revision', wait: 5000 }

/** A database in memory on which these statements were run. */
export async function memory(...statements: readonly string[]): Promise<Session> {
  return opened(':memory:', statements)
}

/** A file in a folder of its own, gone after the test. */
export function newFile(name = 'app.db'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_sqlite_'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return path.join(folder, name)
}

export async function opened(url: string, statements: readonly string[] = []): Promise<Session> {
  const session = await sqlite.connect(url)
  onTestFinished(() => session.close())
  for (const sql of statements) await session.simple(sql)
  return session
}

/** Does what a step of the runner does with the operations of a revision. */
export async function carryOut(
  session: Session,
  ...operations: readonly Operation[]
): Promise<readonly string[]> {
  return sqlite.step(
    async () => session,
    lock,
    async (inside) => {
      const tables = sqlite.reads(operations)
      const before = tables.length === 0 ? emptySchema : await sqlite.reflect(inside, { tables })
      const statements = (await sqlite.compile(operations, before)).flat().map(({ sql }) => sql)
      for (const sql of statements) await inside.simple(sql)
      return statements
    },
  )
}

/** The create text as SQLite keeps it. */
export async function textOf(session: Session, name: string): Promise<string | undefined> {
  const [row] = await session.query<{ sql: string }>('select sql from sqlite_master where name = ?', [name])
  return row?.sql
}

export async function reflected(session: Session, name: string): Promise<Omit<Table, 'source'>> {
  const { tables } = await sqlite.reflect(session)
  const table = tables[name]
  if (!table) throw new Error(`there is no table ${name}`)
  const { source: _, ...rest } = table
  return rest
}
