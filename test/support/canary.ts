/** A password that stands in the URL of every test database: no output of a command may hold a piece of it, and no ledger. */
import { inject } from 'vitest'
import type { DialectName } from './servers.ts'
import { sql } from './sql.ts'

/** @throws when a piece of the canary, of six characters, is in a text */
export function expectNoCanary(text: string, where: string): void {
  const canary = inject('canary')
  for (let at = 0; at + 6 <= canary.length; at += 1) {
    const place = text.indexOf(canary.slice(at, at + 6))
    if (place === -1) continue
    throw new Error(
      `The canary, a password, is told by ${where}: …${text.slice(Math.max(0, place - 200), place + 40)}…`,
    )
  }
}

const ledgers = `select table_schema, table_name from information_schema.tables
  where table_name in ('aludel_revision', 'aludel_journal')`

/** @throws when the tables of a ledger in this database hold a piece of the canary */
export async function expectCleanLedgers(dialect: DialectName, url: string): Promise<void> {
  // Their URLs hold no password.
  if (dialect === 'sqlite' || dialect === 'pglite') return
  const here = dialect === 'postgresql' ? '' : ' and table_schema = database()'
  const quote = dialect === 'postgresql' ? '"' : '`'
  for (const names of await sql(url, ledgers + here)) {
    const table = names.map((name) => `${quote}${String(name)}${quote}`).join('.')
    const rows = await sql(url, `select * from ${table}`)
    expectNoCanary(JSON.stringify(rows.map((row) => row.map(readable))), `the ledger's table ${table}`)
  }
}

function readable(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString() : value
}
