/** The tables in the user's database that hold the state and its journal. Core SQL: it runs on every dialect. */
import type { Dialect, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { type Position, positionText } from './position.ts'
import {
  type Capsule,
  type CompiledDowngrade,
  type JournalEntry,
  type LedgerRow,
  type LedgerState,
  type OpenStep,
  appliedOf,
  definition,
  entryColumns,
  downgradeColumns,
  journalColumns,
  journalEntryOf,
  journalRow,
  nameOf,
  openStepOf,
  revisionColumns,
  rowOf,
} from './rows.ts'

export interface LedgerNames {
  /** The connection's own when left out. */
  readonly schema?: string
  readonly revisionTable: string
  readonly journalTable: string
}

/** The content of a file that counts as applied from now on. */
export type AcceptedContent = Pick<Capsule, 'revision' | 'checksum' | 'source' | 'extension'>

export interface Ledger {
  readonly names: LedgerNames
  /** Its tables as SQL names them. */
  readonly revisions: string
  readonly journal: string
  /** @throws {AludelError} LEDGER_SHAPE when a table is another one; PERMISSION when it may not be read */
  read(session: Session): Promise<LedgerState>
  create(session: Session): Promise<void>
  add(session: Session, capsule: Capsule): Promise<void>
  /** Fills in what is known only after the step. */
  complete(session: Session, revision: string, downgrade: CompiledDowngrade, ms: number): Promise<void>
  /** Records another content of its file as what was applied; what undoes it is not known then. */
  accept(session: Session, capsule: AcceptedContent): Promise<void>
  remove(session: Session, revision: string): Promise<void>
  find(session: Session, revision: string): Promise<LedgerRow | undefined>
  /** Removes the row and gives it, for `putBack`. */
  take(session: Session, revision: string): Promise<LedgerRow | undefined>
  /** Adds a row that was taken, as it was, unless there is one. */
  putBack(session: Session, row: LedgerRow): Promise<void>
  /** Removes the row only if this run wrote it. */
  withdraw(session: Session, revision: string, runId: string): Promise<void>
  /** Removes every row, also of revisions that no file has. */
  purge(session: Session): Promise<void>
  write(session: Session, entry: JournalEntry): Promise<void>
  /** The newest first; empty when there is no ledger. */
  entries(session: Session, limit: number): Promise<readonly JournalEntry[]>
  /** Changes an entry that is still `running`; no other. */
  end(session: Session, entry: JournalEntry): Promise<void>
  /** Steps that were begun and not ended, outside of what rolls back; undefined when there is no journal. */
  open(session: Session): Promise<readonly OpenStep[] | undefined>
  /** Notes how far an entry that is still `running` came. The shape is written only where it is given. */
  advance(session: Session, entry: string, position: Position, statements: number): Promise<void>
  /** Ends what is open of a revision, as failed. */
  closeOpen(session: Session, revision: string): Promise<void>
  /** Whether this run wrote that it finished this revision. */
  isDone(session: Session, runId: string, revision: string): Promise<boolean>
}

export function ledger(dialect: Dialect, names: LedgerNames): Ledger {
  const quoted = (table: string): string =>
    names.schema === undefined ? dialect.quote(table) : dialect.quote(names.schema, table)
  const own = [names.revisionTable, names.journalTable].map((name) => dialect.quote(name))
  const revisions = quoted(names.revisionTable)
  const journal = quoted(names.journalTable)
  // Naming every column tells a table of another shape by the one query that a command without work makes.
  const allThere = revisionColumns.map((column) => `${nameOf(column)} is null`).join(' or ')
  /** A change. Who lacks one right is told all that the ledger's tables take. */
  const run = async (session: Session, sql: string, params: readonly unknown[]): Promise<void> => {
    await session.query(sql, params).catch((error: unknown) => {
      throw withAllGrants(error, own)
    })
  }
  const insert = async (session: Session, table: string, row: LedgerRow): Promise<void> => {
    const places = Object.keys(row).map((_, at) => dialect.placeholder(at + 1))
    const sql = `insert into ${table} (${Object.keys(row).join(', ')}) values (${places.join(', ')})`
    await run(session, sql, Object.values(row))
  }
  const set = async (session: Session, revision: string, values: LedgerRow): Promise<void> => {
    const sets = Object.keys(values).map((column, at) => `${column} = ${dialect.placeholder(at + 1)}`)
    await run(
      session,
      `update ${revisions} set ${sets.join(', ')} where revision = ${dialect.placeholder(sets.length + 1)}`,
      [...Object.values(values), revision],
    )
  }
  const remove = async (session: Session, revision: string): Promise<void> => {
    await run(session, `delete from ${revisions} where revision = ${dialect.placeholder(1)}`, [revision])
  }
  const find = async (session: Session, revision: string): Promise<LedgerRow | undefined> => {
    const columns = revisionColumns.map(nameOf).join(', ')
    const [row] = await session.query<LedgerRow>(
      `select ${columns} from ${revisions} where revision = ${dialect.placeholder(1)}`,
      [revision],
    )
    return row
  }
  const readFault = async (
    session: Session,
    table: string,
    columns: readonly string[],
    error: unknown,
  ): Promise<unknown> => withAllGrants(await unreadable(session, table, columns, error), own)
  /** A runner that lost its lock must not write over what the next one noted. */
  const change = async (session: Session, entry: string, set: LedgerRow): Promise<void> => {
    const sets = Object.keys(set).map((column, at) => `${column} = ${dialect.placeholder(at + 1)}`)
    const where = `entry = ${dialect.placeholder(sets.length + 1)} and outcome = 'running'`
    await run(session, `update ${journal} set ${sets.join(', ')} where ${where}`, [
      ...Object.values(set),
      entry,
    ])
  }
  /** @throws {AludelError} LEDGER_SHAPE when the journal's name is taken by another table */
  const checkFree = async (session: Session): Promise<void> => {
    try {
      await session.query(`select ${journalColumns.map(nameOf).join(', ')} from ${journal} where 1 = 0`)
    } catch (error) {
      if (!dialect.isMissingTable(error)) throw await readFault(session, journal, journalColumns, error)
    }
  }
  return {
    names,
    revisions,
    journal,
    read: async (session) => {
      try {
        const rows = await session.query<Record<string, unknown>>(
          `select revision, checksum, extension, down_revision from ${revisions} where 1 = 1 or ${allThere} order by revision`,
        )
        return { exists: true, applied: appliedOf(rows, revisions) }
      } catch (error) {
        if (error instanceof AludelError) throw withAllGrants(error, own)
        if (!dialect.isMissingTable(error)) throw await readFault(session, revisions, revisionColumns, error)
        await checkFree(session)
        return { exists: false, applied: new Map() }
      }
    },
    create: async (session) => {
      const { largeText: text, exactTexts = '' } = dialect.capabilities
      const tables = [
        [revisions, revisionColumns],
        [journal, journalColumns],
      ] as const
      for (const [table, columns] of tables) {
        const definitions = columns.map((column) => definition(column, text))
        await session
          .simple(`create table if not exists ${table} (${definitions.join(', ')}) ${exactTexts}`.trimEnd())
          .catch((cause: unknown) => {
            throw dialect.isTransient(cause) ? cause : notCreated(table, names, cause)
          })
      }
    },
    add: (session, capsule) => insert(session, revisions, rowOf(capsule)),
    complete: (session, revision, downgrade, ms) =>
      set(session, revision, { ...downgradeColumns(downgrade), ms }),
    accept: (session, { revision, checksum, source, extension }) => {
      const downgrade = { kind: 'unknown', why: 'its file was changed and accepted' } as const
      return set(session, revision, { checksum, source, extension, ...downgradeColumns(downgrade) })
    },
    remove,
    find,
    take: async (session, revision) => {
      const row = await find(session, revision)
      await remove(session, revision)
      return row
    },
    putBack: async (session, row) => {
      if (await find(session, String(row['revision']))) return
      await insert(session, revisions, row)
    },
    withdraw: async (session, revision, runId) => {
      const [one, two] = [1, 2].map((at) => dialect.placeholder(at))
      await session.query(`delete from ${revisions} where revision = ${one} and run_id = ${two}`, [
        revision,
        runId,
      ])
    },
    purge: async (session) => {
      await session.query(`delete from ${revisions}`)
    },
    write: (session, entry) => insert(session, journal, journalRow(entry)),
    entries: async (session, limit) => {
      const columns = entryColumns.map(nameOf).join(', ')
      try {
        const rows = await session.query<LedgerRow>(
          `select ${columns} from ${journal} order by started_at desc, ended_at desc, entry limit ${limit}`,
        )
        return rows.map(journalEntryOf)
      } catch (error) {
        if (dialect.isMissingTable(error)) return []
        throw await readFault(session, journal, journalColumns, error)
      }
    },
    end: (session, { entry, endedAt, outcome, statement, statements, errorCode }) =>
      change(session, entry, {
        ended_at: endedAt,
        outcome,
        statement_done: statement,
        statements,
        error_code: errorCode,
        // Of a step that is over nobody needs to know how it went.
        ...(outcome === 'halfDone' ? {} : { position: null, shape: null }),
      }),
    open: async (session) => {
      const columns = journalColumns.map(nameOf).join(', ')
      try {
        const rows = await session.query<LedgerRow>(
          `select ${columns} from ${journal} where outcome in ('running', 'halfDone') order by entry`,
        )
        return rows.map(openStepOf)
      } catch (error) {
        if (dialect.isMissingTable(error)) return undefined
        throw await readFault(session, journal, journalColumns, error)
      }
    },
    advance: (session, entry, position, statements) =>
      change(session, entry, {
        statement_done: position.statement,
        statements,
        position: positionText(position),
        ...(position.shape === undefined ? {} : { shape: JSON.stringify(position.shape) }),
      }),
    closeOpen: async (session, revision) => {
      await run(
        session,
        `update ${journal} set outcome = 'failed', position = null, shape = null
         where revision = ${dialect.placeholder(1)} and outcome in ('running', 'halfDone')`,
        [revision],
      )
    },
    isDone: async (session, runId, revision) => {
      const [one, two] = [1, 2].map((at) => dialect.placeholder(at))
      const done = `select entry from ${journal} where run_id = ${one} and revision = ${two} and outcome = 'done'`
      return (await session.query(done, [runId, revision])).length > 0
    },
  }
}

function notCreated(table: string, { schema }: LedgerNames, cause: unknown): AludelError {
  if (cause instanceof AludelError && cause.code === 'READ_ONLY') return cause
  const known = cause instanceof AludelError ? cause.fix : undefined
  const said = cause instanceof Error ? cause.message : String(cause)
  return new AludelError('PERMISSION', `The ledger's table ${table} cannot be created: ${said}.`, {
    state: 'No revision was run.',
    fix:
      known ??
      (schema === undefined
        ? 'Grant this login the right to create tables.'
        : `Create the schema ${schema} and grant this login the right to create tables in it, or correct \`ledger.schema\`.`),
    details: { table },
    cause,
  })
}

/** Who lacks one right on one of the ledger's tables is told all that they take. */
function withAllGrants(error: unknown, tables: readonly string[]): unknown {
  if (!(error instanceof AludelError) || error.code !== 'PERMISSION') return error
  const { message, details, cause } = error
  const { grant } = details
  const own = typeof grant === 'string' ? tables.find((table) => grant.includes(table)) : undefined
  if (typeof grant !== 'string' || own === undefined) return error
  const whole = grant.replace(/^grant .*? on /, 'grant select, insert, update, delete on ')
  const all = tables.map((table) => whole.replace(own, () => table)).join('; ')
  return new AludelError('PERMISSION', `The ledger may not be read and written: ${message}.`, {
    state: 'Nothing was changed.',
    fix: `Let somebody who may run: ${all};`,
    details: { ...details, grant: all },
    cause,
  })
}

/** Tells a table of another shape, or one that may not be read, from any other failure; not in a transaction. */
async function unreadable(
  session: Session,
  table: string,
  columns: readonly string[],
  cause: unknown,
): Promise<unknown> {
  const works = (sql: string): Promise<boolean> =>
    session.query(sql).then(
      () => true,
      () => false,
    )
  const said = cause instanceof Error ? cause.message : String(cause)
  if (cause instanceof AludelError || session.closed || !(await works('select 1'))) return cause
  if (!(await works(`select 1 from ${table} where 1 = 0`))) {
    return new AludelError('PERMISSION', `The ledger's table ${table} cannot be read: ${said}.`, {
      state: 'Nothing was changed.',
      fix: "Grant this login the rights to select, insert, update and delete on the ledger's tables.",
      details: { table },
      cause,
    })
  }
  const missing: string[] = []
  for (const name of columns.map(nameOf))
    if (!(await works(`select ${name} from ${table} where 1 = 0`))) missing.push(name)
  if (missing.length === 0) return cause
  return new AludelError(
    'LEDGER_SHAPE',
    `Table ${table} is not aludel's ledger: it has no ${missing.join(', ')}.`,
    {
      state: 'Nothing was changed.',
      fix: 'Set `ledger.revisionTable` and `ledger.journalTable` in the configuration to names that are free, or rename the other table.',
      details: { table, missing },
      cause,
    },
  )
}
