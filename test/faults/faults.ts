/** The faults that aludel promises to survive, by number. The title of each test of one holds its number: `F07`. */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { type DialectName, dialectNames } from '../support/servers.ts'

export interface Fault {
  readonly title: string
  /** Where it must be tested, by tests whose titles end a part with `on postgresql`; left out: it is none of the database's. */
  readonly on?: readonly DialectName[]
}

const all = ['sqlite', 'postgresql', 'mariadb'] as const
const servers = ['postgresql', 'mariadb'] as const

export const faults: Readonly<Record<string, Fault>> = {
  F01: { title: 'two runs at once', on: all },
  F02: { title: 'eight runs at once on a fresh database', on: all },
  F03: { title: 'runs of old code beside runs of new code', on: all },
  F04: { title: 'runs through PgBouncer: pools of sessions, of transactions, of one', on: ['postgresql'] },
  F05: { title: 'kill -9 before the lock', on: all },
  F06: { title: 'kill -9 with the lock, before the claim', on: all },
  F07: { title: 'kill -9 in the middle of a step', on: all },
  F08: { title: 'kill -9 after the last statement', on: all },
  F09: { title: 'kill -9 around the commit', on: all },
  F10: { title: 'kill -9 while an index is built concurrently', on: ['postgresql'] },
  F11: { title: 'kill -9 between two statements that are committed one by one', on: ['mariadb'] },
  F12: { title: 'a server that crashes', on: servers },
  F13: { title: 'a connection that is lost when COMMIT was sent', on: servers },
  F14: { title: 'the session that holds the lock is ended', on: servers },
  F15: { title: 'the lock is held by another for longer than --lock-wait', on: all },
  F16: { title: 'a table in use', on: servers },
  F17: { title: 'statement_timeout', on: ['postgresql'] },
  F18: { title: 'an index that is built concurrently waits for an application', on: ['postgresql'] },
  F19: { title: 'idle_in_transaction_session_timeout', on: ['postgresql'] },
  F20: { title: 'a full disk', on: ['sqlite'] },
  F21: { title: 'a database that can only be read', on: all },
  F22: { title: 'a right that is missing', on: servers },
  F23: { title: 'a server that is away, starting, full, or refused by TLS', on: servers },
  F24: { title: 'a wrong password, a missing database', on: servers },
  F25: { title: 'a URL that cannot be read' },
  F26: { title: 'a password in a statement', on: all },
  F27: { title: 'a ledger of another shape, or with what aludel did not write', on: all },
  F28: { title: 'a revision that no file has', on: all },
  F29: { title: 'an applied file that was edited', on: all },
  F30: { title: 'a file that was deleted', on: all },
  F31: { title: 'a history that is not valid' },
  F32: { title: 'a target that names nothing, or several' },
  F33: { title: '5,000 revisions' },
  F34: { title: 'a huge step', on: all },
  F35: { title: 'a step that throws or rejects with anything', on: all },
  F36: { title: 'a step that never settles', on: all },
  F37: { title: 'a step that ends the process', on: all },
  F38: { title: 'a query that nobody waits for', on: all },
  F39: { title: 'a step that commits or rolls back by itself', on: all },
  F40: { title: '--single-transaction with a step outside of a transaction' },
  F41: { title: 'a message of any characters' },
  F42: { title: 'what is given to make' },
  F43: { title: 'identifiers of any characters', on: all },
  F44: { title: 'ids of any characters' },
  F45: { title: 'a migrations folder that leads elsewhere, or nowhere' },
  F46: { title: 'a project that can only be read', on: all },
  F47: { title: 'revisions created at the same time' },
  F48: { title: 'a clock that is wrong' },
  F49: { title: 'SIGINT, SIGTERM, and a second one', on: all },
  F50: { title: 'nobody to ask' },
  F51: { title: 'a reader that leaves early, a log that is full', on: all },
  F52: { title: 'output that no terminal reads' },
  F54: { title: 'a configuration that fails, prints, or holds evil values' },
  F55: { title: 'a Node.js or a MikroORM that does not fit' },
}

export interface Choice {
  /** `F07`; all when left out. */
  readonly fault?: string
  readonly dialect?: DialectName
}

/** What the full name of a test must match; one that names no dialect fits each. */
export function pattern({ fault = String.raw`F\d\d`, dialect }: Choice): RegExp {
  const others = dialectNames.filter((name) => name !== dialect).join('|')
  const elsewhere = dialect === undefined ? '' : String.raw`(?![^]*\bon (?:${others})\b)`
  return new RegExp(String.raw`^(?=[^]*\b${fault}\b)${elsewhere}`)
}

/** The test files that speak of a fault, relative to the repository. */
export function filesOf({ fault = String.raw`F\d\d` }: Choice): readonly string[] {
  const [repository, spoken] = [path.join(import.meta.dirname, '..', '..'), new RegExp(`\\b${fault}\\b`)]
  return readdirSync(path.join(repository, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join('test', name))
    .filter((name) => name.endsWith('.test.ts') && name !== 'test/faults/faults.test.ts')
    .filter((name) => spoken.test(readFileSync(path.join(repository, name), 'utf8')))
    .toSorted()
}
