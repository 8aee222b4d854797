/** What the ledger would be sent, as statements of a script. */
import { type Dialect, type Scripting, type Session, withStatements } from '../../dialect.ts'
import { type Ledger, type LedgerNames, ledger } from '../ledger.ts'

/** Stand for what is known only when the script runs. */
export const atRun = { now: '\0now', uuid: '\0uuid', entry: '\0entry' } as const

export interface LedgerWriter {
  readonly ledger: Ledger
  /** The statements that the work sends; none of them is run. */
  write(work: (ledger: Ledger, session: Session) => Promise<void>): Promise<readonly string[]>
}

export function ledgerWriter(dialect: Dialect, names: LedgerNames, scripting: Scripting): LedgerWriter {
  // Two zero characters stand in no statement of the ledger.
  const own = ledger({ ...dialect, placeholder: (index) => `\0${index}\0` }, names)
  const entry = scripting.variable?.('entry').get ?? scripting.uuid
  const expressions = new Map<unknown, string>([
    [atRun.now, scripting.now],
    [atRun.uuid, scripting.uuid],
    [atRun.entry, entry],
  ])
  const valueOf = (value: unknown): string => {
    const known = expressions.get(value)
    if (known !== undefined) return known
    return scripting.literal(typeof value === 'string' || typeof value === 'number' ? value : null)
  }
  return {
    ledger: own,
    write: async (work) => {
      const statements: string[] = []
      const note = (sql: string, params: readonly unknown[] = []): void => {
        const line = sql.replace(/\s+/g, ' ')
        statements.push(line.replace(/\0(\d+)\0/g, (_, index: string) => valueOf(params[Number(index) - 1])))
      }
      await work(own, writtenSession(note))
      return statements
    },
  }
}

function writtenSession(note: (sql: string, params?: readonly unknown[]) => void): Session {
  const nothing = async (): Promise<void> => {}
  const base: Session = {
    query: async () => [],
    simple: nothing,
    cancel: nothing,
    ref: () => {},
    unref: () => {},
    closed: false,
    close: nothing,
  }
  return withStatements(base, {
    query: async (sql, params) => {
      note(sql, params)
      return []
    },
    simple: async (sql) => note(sql),
  })
}
