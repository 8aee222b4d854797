/** A database for each file of tests, in it a schema for each test, and a session on that. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import type { Session } from '../../../src/dialect.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Table } from '../../../src/schema/schema.ts'
import { afterTest } from '../../support/cleanup.ts'
import { database, type TestDatabase } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'

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
  const tables = dialect.reads(operations)
  const before = tables.length > 0 ? await dialect.reflect(session, { tables }) : emptySchema
  const statements = (await dialect.compile(operations, before)).flat().map(({ sql }) => sql)
  for (const sql of statements) await session.simple(sql)
  return statements
}

export async function reflectTable({ session }: Place, name: string): Promise<Table> {
  const table = (await dialect.reflect(session, { tables: [name] })).tables[name]
  if (!table) throw new Error(`no table ${name}`)
  return table
}

/** What pg_dump writes of the schema, without its name and without what differs between any two dumps. */
export async function dump({ url, schema }: Place): Promise<string> {
  const [server] = url.split('?')
  const { stdout } = await promisify(execFile)('pg_dump', [
    '--schema-only',
    '--no-owner',
    '--schema',
    schema,
    '--dbname',
    `${server}`,
  ])
  return stdout.replaceAll(/^\\(?:un)?restrict .*\n/gm, '').replaceAll(schema, 'test')
}

export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: unknown) => error,
  )
}
