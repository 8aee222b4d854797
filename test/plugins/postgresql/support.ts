/** A database for each file of tests, in it a schema for each test, and a session on that. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import type { SchemaFilter, Session } from '../../../src/dialect.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Schema, type Table } from '../../../src/schema/schema.ts'
import { afterTest } from '../../support/cleanup.ts'
import { database, type TestDatabase } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import { postgres } from '../../support/catalog.ts'

export interface Place {
  readonly url: string
  readonly schema: string
  readonly session: Session
}

/** Describes what is true of an empty schema; creating a database takes a second where the server syncs. */
export function describePostgresql(title: string, tests: (open: () => Promise<Place>) => void): void {
  const describe = (): void => {
    let shared: TestDatabase
    beforeAll(async () => {
      shared = await database('postgresql')
    })
    afterAll(() => shared.drop())
    tests(async () => {
      const schema = `test_${randomBytes(4).toString('hex')}`
      // Without a wait for the disk after each statement.
      const settings = ['synchronous_commit=off', `search_path=${schema},public`]
      const options = settings.map((setting) => `-c ${setting}`).join(' ')
      const url = `${shared.url}?options=${encodeURIComponent(options)}`
      const session = await connected(url)
      await session.simple(`create schema ${schema}`)
      return { url, schema, session }
    })
  }
  describeDialects(title, describe, ['postgresql'])
}

export async function connected(url: string): Promise<Session> {
  const session = await dialect.connect(url)
  afterTest(() => session.close())
  return session
}

export async function runAll({ session }: Place, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await session.simple(sql)
}

/** As a runner does. */
export async function carryOut(
  { session }: Place,
  ...operations: readonly Operation[]
): Promise<readonly string[]> {
  const tables = [...dialect.reads(operations), ...(dialect.looksAt?.(operations) ?? [])]
  const before = tables.length > 0 ? await dialect.reflect(session, { tables }) : emptySchema
  const statements = (await dialect.compile(operations, before)).flat().map(({ sql }) => sql)
  for (const sql of statements) await session.simple(sql)
  return statements
}

/** Without the other tests' schemas. */
export async function reflectAll(session: Session, filter?: SchemaFilter): Promise<Schema> {
  const { others = [], ...schema } = await dialect.reflect(session, filter)
  const kept = others.filter(({ kind, name }) => kind !== 'schema' || !name.startsWith('test_'))
  return kept.length > 0 ? { ...schema, others: kept } : schema
}

export async function reflectTable({ session }: Place, name: string): Promise<Table> {
  const table = (await dialect.reflect(session, { tables: [name] })).tables[name]
  if (!table) throw new Error(`no table ${name}`)
  return table
}

/** What PostgreSQL's own tools say of the schema, without its name. */
export async function dump({ url, schema }: Place): Promise<string> {
  return (await postgres(url, schema)).join(';\n').replaceAll(schema, 'test')
}

export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: unknown) => error,
  )
}
