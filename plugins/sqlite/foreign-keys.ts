/** Steps run without enforcement of foreign keys, so what they leave is checked before it is committed. */
import { type Session, aroundStatements } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { messageOf } from './errors.ts'
import { quote } from './literal.ts'
import { is, nameOf, tokenize } from './tokens.ts'

export interface Guard {
  /** Does what the session does, and looks at the rows before the first statement that could break a foreign key. */
  readonly session: Session
  /** @throws {AludelError} STEP_FAILED for rows that refer to nothing and did not before */
  check(): Promise<void>
}

interface Violation {
  readonly table: string
  /** Null in a table without row ids. */
  readonly rowid: number | bigint | null
  readonly parent: string
}

/**
 * Checking reads every row with a foreign key, so a step that cannot break one is spared it.
 * @param ledger the table to which no other refers
 */
export function guardForeignKeys(session: Session, ledger: string): Guard {
  let before: Findings | undefined
  const watch = async (sql: string): Promise<void> => {
    if (!before && (await mayBreak(session, sql, ledger))) before = await find(session)
  }
  return {
    session: aroundStatements(session, { before: watch }),
    check: async () => {
      if (!before) return
      const after = await find(session)
      const known = before.faults
      const fault = after.faults.find((each) => !known.includes(each))
      if (fault !== undefined) throw mismatched(fault)
      const old = new Set(before.violations.map(keyOf))
      const fresh = after.violations.filter((violation) => !old.has(keyOf(violation)))
      if (fresh.length > 0) throw broken(describe(fresh), fresh)
    },
  }
}

interface Findings {
  readonly violations: readonly Violation[]
  /** SQLite's own complaints of foreign keys that name columns which are no key. */
  readonly faults: readonly string[]
}

async function find(session: Session): Promise<Findings> {
  const check = 'pragma foreign_key_check'
  try {
    return { violations: await session.query<Violation>(check), faults: [] }
  } catch {
    // One such foreign key ends the whole check, so the tables are looked at one by one.
    const tables = await session.query<{ readonly name: string }>(
      "select name from sqlite_master where type = 'table'",
    )
    const found: Findings[] = []
    for (const { name } of tables) {
      const violations = session.query<Violation>(`${check}(${quote(name)})`)
      found.push(
        await violations.then(
          (rows) => ({ violations: rows, faults: [] }),
          (error: unknown) => ({ violations: [], faults: [messageOf(error)] }),
        ),
      )
    }
    return {
      violations: found.flatMap(({ violations }) => violations),
      faults: found.flatMap(({ faults }) => faults),
    }
  }
}

/** Words that begin a statement which changes no row that is there. */
const harmless = [
  'select',
  'values',
  'create',
  'pragma',
  'explain',
  'savepoint',
  'release',
  'analyze',
  'reindex',
]

/** Whether the statement could break a foreign key of some database. */
export function mayBreakSome(sql: string): boolean {
  const [first, , ...rest] = tokenize(sql.slice(0, 1000))
  // A new foreign key may name columns that are no key.
  if (is(first, 'create') && /\breferences\b/i.test(sql)) return true
  if (harmless.some((word) => is(first, word))) return false
  return is(first, 'alter') ? rest.some((token) => is(token, 'drop') || is(token, 'references')) : true
}

/** A plain insert into a table that refers to none breaks nothing, nor does any change of the ledger. */
async function mayBreak(session: Session, sql: string, ledger: string): Promise<boolean> {
  if (!mayBreakSome(sql)) return false
  const [first, second, ...rest] = tokenize(sql.slice(0, 1000))
  if (is(first, 'create') || is(first, 'alter')) return true
  const named = is(second, 'into') || is(second, 'from') ? rest : [second, ...rest]
  const table = is(named[1], '.') ? named[2] : named[0]
  if (!first || !table) return true
  const name = nameOf(table)
  const inserts = is(first, 'insert') && is(second, 'into') && !/\bconflict\b/i.test(sql)
  if (!inserts && name.toLowerCase() !== ledger.toLowerCase()) return true
  return refers(session, name)
}

async function refers(session: Session, table: string): Promise<boolean> {
  const rows = await session.query(
    `select 1 from pragma_foreign_key_list(?) union all
     select 1 from sqlite_master where type = 'trigger' and tbl_name = ? collate nocase limit 1`,
    [table, table],
  )
  return rows.length > 0
}

function keyOf({ table, rowid, parent }: Violation): string {
  return JSON.stringify([table, String(rowid), parent])
}

function describe(violations: readonly Violation[]): string {
  const shown = violations.slice(0, 5).map(({ table, rowid, parent }) => {
    const row = rowid === null ? 'a row' : `row ${rowid}`
    return `${row} of ${table} refers to a row of ${parent} that is not there`
  })
  const more = violations.length - shown.length
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

function mismatched(fault: string): AludelError {
  return new AludelError('STEP_FAILED', `The step leaves a foreign key that can hold no row: ${fault}.`, {
    state: 'Everything it did was rolled back.',
    fix: 'Let it refer to the primary key, or to columns with a unique constraint.',
  })
}

function broken(what: string, violations: readonly Violation[]): AludelError {
  return new AludelError('STEP_FAILED', `The step breaks a foreign key: ${what}.`, {
    state: 'Everything it did was rolled back.',
    fix: 'Let the revision change or delete those rows too, and run it again.',
    details: {
      violations: violations
        .slice(0, 100)
        .map(({ table, rowid, parent }) => ({ table, rowid: String(rowid), parent })),
    },
  })
}
