import Database from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'

/** It runs statements on a connection of its own, with the raw driver; of the last one it returns the rows, as lists of values. */
export async function sql(url: string, ...statements: readonly string[]): Promise<readonly unknown[][]> {
  if (url.startsWith('sqlite:')) return sqlite(url, statements)
  if (url.startsWith('pglite:')) return pglite(url, statements)
  return url.startsWith('postgres') ? postgres(url, statements) : mysql(url, statements)
}

function sqlite(url: string, statements: readonly string[]): readonly unknown[][] {
  const database = new Database(url.slice('sqlite:'.length))
  try {
    let rows: unknown[][] = []
    for (const text of statements) {
      const statement = database.prepare<[], unknown[]>(text)
      rows = statement.reader ? statement.raw().all() : (statement.run(), [])
    }
    return rows
  } finally {
    database.close()
  }
}

async function postgres(url: string, statements: readonly string[]): Promise<readonly unknown[][]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  await client.connect()
  try {
    let rows: unknown[][] = []
    for (const text of statements) ({ rows } = await client.query<unknown[]>({ text, rowMode: 'array' }))
    return rows
  } finally {
    await client.end()
  }
}

/** By the dialect, which alone knows how not to get in another process's way. */
async function pglite(url: string, statements: readonly string[]): Promise<readonly unknown[][]> {
  const { default: dialect } = await import('../../plugins/pglite/index.ts')
  const session = await dialect.connect(url)
  try {
    let rows: unknown[][] = []
    for (const text of statements) rows = (await session.query(text)).map((row) => Object.values(row))
    return rows
  } finally {
    await session.close()
  }
}

async function mysql(url: string, statements: readonly string[]): Promise<readonly unknown[][]> {
  const connection = await createConnection({ uri: url, connectTimeout: 5000 })
  try {
    let rows: unknown[][] = []
    for (const text of statements) {
      const [result] = await connection.query({ sql: text, rowsAsArray: true })
      rows = Array.isArray(result) ? result.filter((row) => Array.isArray(row)) : []
    }
    return rows
  } finally {
    await connection.end()
  }
}

/** It asks a server what it is: `PostgreSQL 15.20`, `MariaDB 10.11.19`, `MySQL 8.4.3`. */
export async function serverVersion(url: string): Promise<string> {
  const text = String((await sql(url, 'select version()'))[0]?.[0])
  const number = /\d[\d.]*/.exec(text)?.[0]
  const product = /PostgreSQL|MariaDB/.exec(text)?.[0] ?? 'MySQL'
  return `${product} ${number}`
}
