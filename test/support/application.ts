import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { afterTest } from './cleanup.ts'

/** An application's open transaction, which has used a table; gives what ends it. */
export async function useTable(url: string, statement: string): Promise<() => Promise<void>> {
  const open = url.startsWith('postgres') ? usePostgres : useMysql
  let end: Promise<void> | undefined
  const close = await open(url, statement)
  const once = (): Promise<void> => (end ??= close())
  afterTest(once)
  return once
}

async function usePostgres(url: string, statement: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: 'shop' })
  client.on('error', () => {})
  await client.connect()
  await client.query('begin')
  await client.query(statement)
  return () => client.end()
}

async function useMysql(url: string, statement: string): Promise<() => Promise<void>> {
  const connection = await createConnection({ uri: url })
  connection.on('error', () => {})
  await connection.query('begin')
  await connection.query(statement)
  return () => connection.end()
}
