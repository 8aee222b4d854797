/** A runner of its own process: brings the file's counter to 20, one locked step at a time, and says how many steps were its own. */
import sqlite from '../../../plugins/sqlite/index.ts'
import type { Session } from '../../../src/dialect.ts'

const [, , file = ''] = process.argv
let session: Session | undefined
let waits = 0

async function connect(): Promise<Session> {
  if (!session || session.closed) session = await sqlite.connect(`sqlite:${file}`)
  return session
}

async function takeTurn(): Promise<boolean> {
  return sqlite.step(connect, { table: 'ledger', wait: 20_000, onWait: () => waits++ }, async (inside) => {
    await inside.simple('create table if not exists ledger (revision integer primary key)')
    const [row] = await inside.query<{ n: number }>('select count(*) as n from ledger')
    const next = (row?.n ?? 0) + 1
    if (next > 20) return false
    await inside.query('insert into ledger values (?)', [next])
    if (next === 1) await inside.simple('create table counter (n integer not null)')
    if (next === 1) await inside.simple('insert into counter values (0)')
    // Time in which the others try.
    await new Promise((resolve) => setTimeout(resolve, 2))
    await inside.simple('update counter set n = n + 1')
    return true
  })
}

let own = 0
while (await takeTurn()) own++
await session?.close()
process.stdout.write(JSON.stringify({ own, waits }))
