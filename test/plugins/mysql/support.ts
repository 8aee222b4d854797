/** A database of its own for a test, and a session on it. */
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import { quote } from '../../../plugins/mysql/literal.ts'
import type { Name } from '../../../plugins/mysql/name.ts'
import type { Dialect, Session } from '../../../src/dialect.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Table } from '../../../src/schema/schema.ts'
import { afterTest } from '../../support/cleanup.ts'
import { database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'

const names: readonly Name[] = ['mariadb', 'mysql']

/** Describes what both do, each where there is a server. */
export function describeBoth(title: string, tests: (name: Name) => void): void {
  describeDialects(
    title,
    (dialect) => {
      for (const name of names) if (name === dialect) tests(name)
    },
    names,
  )
}

export interface Place {
  readonly dialect: Dialect
  readonly url: string
  readonly session: Session
  /** For hooks; after a test it is done by itself. */
  close(): Promise<void>
}

export async function open(name: Name): Promise<Place> {
  const dialect = mysqlDialect(name)
  const { url, drop } = await database(name)
  const session = await dialect.connect(url)
  afterTest(() => session.close())
  return { dialect, url, session, close: () => session.close().then(drop) }
}

export async function runAll({ session }: Place, ...statements: readonly string[]): Promise<void> {
  for (const sql of statements) await session.simple(sql)
}

/** As a runner does. */
export async function carryOut(
  { dialect, session }: Place,
  ...operations: readonly Operation[]
): Promise<string[]> {
  const tables = [...dialect.reads(operations), ...(dialect.looksAt?.(operations) ?? [])]
  const before = tables.length > 0 ? await dialect.reflect(session, { tables }) : emptySchema
  const statements = (await dialect.compile(operations, before)).flat().map(({ sql }) => sql)
  for (const sql of statements) await session.simple(sql)
  return statements
}

export async function reflectTable({ dialect, session }: Place, name: string): Promise<Table> {
  const table = (await dialect.reflect(session, { tables: [name] })).tables[name]
  if (!table) throw new Error(`no table ${name}`)
  return table
}

/** As the server would make it again, without the counter. */
export async function showTable({ session }: Place, name: string): Promise<string> {
  const rows = await session.query<{ 'Create Table': string }>(`show create table ${quote(name)}`)
  return (rows[0]?.['Create Table'] ?? '').replace(/ AUTO_INCREMENT=\d+/, '')
}
