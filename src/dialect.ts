/** What a dialect plugin is. Everything that differs between databases is behind this contract. */
import { AludelError } from './errors.ts'
import type { Operation } from './operations/operation.ts'
import type { OtherObject, Schema, Table } from './schema/schema.ts'

/** One connection of the raw driver. */
export interface Session {
  /**
   * Runs one statement. One that the login may not run is refused as PERMISSION (`permissionDenied`).
   * Parameters as the driver writes them (`$1` on PostgreSQL, `?` elsewhere).
   * Rows of a select; empty for anything else. Big integers that a number cannot hold are bigint or string, never rounded.
   */
  query<T = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<readonly T[]>
  /** Runs one statement without parameters, never as a prepared statement. */
  simple(sql: string): Promise<void>
  /** Stops the running statement on the server. */
  cancel(): Promise<void>
  /** Lets an idle socket keep the process alive, or not. */
  ref(): void
  unref(): void
  /** True once it was closed or lost. */
  readonly closed: boolean
  /** Safe to call twice. */
  close(): Promise<void>
}

export interface Capabilities {
  /** DDL rolls back with its transaction. */
  readonly transactionalDdl: boolean
  /** A table can be created before the tables that its foreign keys name. */
  readonly forwardReferences: boolean
  /** Whose names are the same however their letters are cased: none, those of columns, or those of tables too. */
  readonly caseless: 'none' | 'columns' | 'all'
  /** The type of a column can change while a foreign key names it: to any, to one of the same family (`integer` to `bigint`), or to none. */
  readonly retypesKeys: 'any' | 'alike' | 'none'
  /** What a generated column is made of must be of types that its expression takes, at any time; default false. */
  readonly typedExpressions?: boolean
  /** The SQL type of a text of any length (1 MB at the least): `text`, `longtext`. */
  readonly largeText: string
  /** A step can run outside of a transaction while its lock is held; where not, one that asks for it runs inside. */
  readonly outsideTransaction: boolean
  /** Names of tables, views and types may say a schema: `billing.invoices`; default false. */
  readonly schemas?: boolean
  /** Enum types are objects of their own; default false. */
  readonly nativeEnums?: boolean
  /** Default false. */
  readonly views?: boolean
  /** Default false. */
  readonly materializedViews?: boolean
  /** Default false. */
  readonly triggers?: boolean
  /** What `create table` ends with so that a table keeps texts of any language and tells `a` from `A`; default nothing. */
  readonly exactTexts?: string
  /** A value that a column's new type does not take stays as it is (but in a table that is `strict`); default false: it is refused. */
  readonly keepsMisfits?: boolean
  /** What does not fit is cut or replaced without an error where the server is set so; default false. */
  readonly lenient?: boolean
}

export interface ConnectOptions {
  /** Milliseconds that the attempt may take at the most; it takes no more than 10,000, or what the URL says, in any case. */
  readonly timeout?: number
  /** Shown by the server as the client's name; default `aludel`. */
  readonly applicationName?: string
  /**
   * Milliseconds to go on trying while another connection has a whole embedded database locked, or all that a pooler has to give;
   * default 10,000 for the one, for ever for the other.
   */
  readonly lockWait?: number
  /** False: a database file that is not there is read as an empty one, and none is made; default true. */
  readonly create?: boolean
}

export interface LockRequest {
  /** What is locked: the ledger's schema (none: the connection's own) and its table. */
  readonly schema?: string
  readonly table: string
  /** Milliseconds to go on trying. */
  readonly wait: number
  /** Called once when another runner holds the lock, before the first pause; with who that is, where the server says it. */
  readonly onWait?: (holder: LockHolder | undefined) => void
  /** Default `transaction`. `no-transaction`: each statement of the work is committed by itself. */
  readonly mode?: StepMode
  /** Milliseconds that one statement waits for a table or row that others use; default what the server has, else 5,000. */
  readonly lockTimeout?: number
  /** Milliseconds that one statement may take, 0 for ever; default what the server has for this login. */
  readonly statementTimeout?: number
  /** Called now and then while a statement that nothing else waits for is held up. */
  readonly onBlocked?: (blockers: readonly Blocker[]) => void
  /** What the lock is wanted for, so that others can be told, as far as it is known before it is held. */
  readonly work?: LockWork
  /** What the ledger says is being done; for servers that do not say it of the lock's holder. */
  readonly running?: (session: Session) => Promise<RunningWork | undefined>
}

/** What a lock is held for. */
export interface LockWork {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: string
}

export interface RunningWork extends LockWork {
  /** When it began, ISO 8601. */
  readonly since: string
}

/** Who holds the lock of a ledger; what the server does not say of it is left out. */
export interface LockHolder extends Partial<LockWork> {
  /** The number of its connection or process, as the server counts them; SQLite's is one of this machine. */
  readonly pid?: number
  readonly application?: string
  readonly user?: string
  /** Where it is connected from. */
  readonly host?: string
  /** When the transaction or the work began that holds it, ISO 8601. */
  readonly since?: string
  /** How to end it, or to find it; a sentence. */
  readonly advice: string
}

export type StepMode = 'transaction' | 'no-transaction'

/** The open session, or a new one when there is none; `another`: always a new one, which the caller closes. */
export type Connect = (which?: 'another') => Promise<Session>

/** A session of the server that holds what a statement waits for. */
export interface Blocker {
  /** The server's number of the process or connection. */
  readonly pid: number
  readonly user: string | null
  readonly application: string | null
  /** When its transaction began, ISO 8601. */
  readonly since: string | null
  /** What it runs, or ran last, without values (`shownQuery`). */
  readonly query: string | null
}

export interface CompileOptions {
  /** More comes after them in the same transaction, and nobody knows what; default false. */
  readonly followed?: boolean
}

/** One SQL statement to run by itself. */
export interface Statement {
  readonly sql: string
}

/** A statement of those that create what the entities want. */
export interface WantedStatement extends Statement {
  /** The table that it makes or changes; left out: it makes something else, and runs whatever tables are built. */
  readonly table?: string
  /** It makes foreign keys to this table and nothing else. */
  readonly references?: string
}

export interface SchemaFilter {
  /** Only these tables, views and enum types; default all of the connection's schema. Names that do not exist are left out. */
  readonly tables?: readonly string[]
  /** Schemas to read beside the connection's own: where they stand now, and the name that they are given in the result (and in every text). */
  readonly schemas?: readonly PlacedSchema[]
}

export interface PlacedSchema {
  /** The user's. */
  readonly name: string
  /** Where it stands: the same as `name`, but for a scratch place. */
  readonly at: string
}

/** Where a project's entities are. */
export interface EntitySource {
  /** Absolute; patterns are relative to it, and the user's MikroORM is resolved from it. */
  readonly root: string
  /** Globs or module paths; empty: find `mikro-orm.config.*`. */
  readonly paths: readonly string[]
}

export interface WantedSchema {
  /** As declared: neutral types, literal defaults. What a revision is written with. */
  readonly declared: Schema
  /** Statements that create it all, in order; a schema is created where `schemas` says, so that the project's own is not touched. */
  readonly create: readonly WantedStatement[]
  /** The schemas that entities name, beside the connection's own; left out where there are none. */
  readonly schemas?: readonly PlacedSchema[]
  /** What entities want beside, each with what makes it; left out where there is nothing. */
  readonly others?: readonly OtherObject[]
  /** The table in which MikroORM's own migrator keeps its state: no difference, and never dropped, unless an entity has it too. */
  readonly migratorTable?: string
}

/** A schema that is built without a database, by what the history did. */
export interface Draft {
  /**
   * The present shape of tables, as `reflect` has it.
   * @throws {AludelError} SHAPE_UNKNOWN for one that is not there, or of which nobody can say what it is now
   */
  shape(tables: readonly string[]): Promise<Schema>
  /** Does what the operation does; of what it changes without a trace, nobody can say any more what it is. */
  run(operation: Operation): Promise<void>
  /** Of the tables that a text names nobody can say any more what they are. */
  forget(text: string): Promise<void>
  close(): Promise<void>
}

/** What must not be where it stands in a script, or the script ends there. */
export interface ScriptCheck {
  /** SQL that is true then, and never null. */
  readonly fault: string
  /** A sentence. */
  readonly message: string
}

/** How statements are handed to the database's client, by themselves or inside of a block; each text with all that ends it. */
export interface ScriptLines {
  statement(sql: string): string
  /** Ends the script with the message of the first fault that is there. */
  refuse(checks: readonly ScriptCheck[]): readonly string[]
}

/** How a script is written that the database's own client runs as it is. */
export interface Scripting extends ScriptLines {
  /** The client's name: `psql`. */
  readonly client: string
  /** SQL of the present time, as ISO 8601 in UTC. */
  readonly now: string
  /** SQL of a new id, 36 characters. */
  readonly uuid: string
  /** A value that the client hands on as it is. @throws {AludelError} NOT_SUPPORTED for one that it cannot */
  literal(value: string | number | null): string
  /** Why a statement cannot stand in a script; undefined when it can. */
  refuses?(sql: string): string | undefined
  /**
   * What comes first. Nothing is changed after the first error: the client ends there, or the server refuses the rest. What follows is
   * read as it was meant.
   */
  open(lock: LockRequest): readonly string[]
  close(): readonly string[]
  /**
   * Begins a step under the lock. `no-transaction`: what follows is committed statement by statement, but for what stands between
   * `start transaction` and `commit`.
   */
  begin(step: ScriptStep): readonly string[]
  end(step: ScriptStep): readonly string[]
  /** Keeps a value between statements; left out where all steps are transactions. */
  variable?(name: string): ScriptVariable
  /** What a script is made of that can be run again; left out where it cannot. */
  readonly block?: ScriptBlock
}

export interface ScriptVariable {
  /** SQL of its value. */
  readonly get: string
  /** What gives it the value of an expression; the text with all that ends it. */
  set(expression: string): string
}

export interface ScriptStep {
  readonly lock: LockRequest
  readonly mode: StepMode
  /** What it does between its beginning and its end. */
  readonly statements: readonly string[]
}

/** Statements that the server is given in one piece, with conditions. */
export interface ScriptBlock extends ScriptLines {
  /** Tells whether the statement may stand in it. */
  holds(sql: string): boolean
  when(condition: string, lines: readonly string[]): readonly string[]
  /** @param failing what is done when one of the lines fails, before the error is told; used where DDL commits by itself */
  whole(lines: readonly string[], failing: readonly string[]): readonly string[]
}

/** The migrations that a project has from another tool, in the order in which that tool runs them. */
export interface MigrationHistory {
  readonly migrations: readonly RecordedMigration[]
  /** Where the tool keeps which of them are applied, one row each, by `name` in the order of `id`. */
  readonly table: { readonly schema?: string; readonly name: string }
  /** Absolute: where their files are; undefined where none has one. */
  readonly folder: string | undefined
  readonly warnings: readonly string[]
}

/** One migration of another tool, called without a database. */
export interface RecordedMigration {
  /** As the tool's own table has it. */
  readonly name: string
  /** Absolute; undefined where the configuration holds the class itself. */
  readonly path: string | undefined
  /** False: it says that it runs outside of a transaction. `unsaid`: the configuration says it for all. */
  readonly transactional: boolean | 'unsaid'
  readonly up: RecordedWay
  readonly down: RecordedWay
}

export interface RecordedWay {
  /** SQL in the order in which it runs; one text may hold several statements. */
  readonly texts: readonly string[]
  /** What it asked the database by, and looked at the answer: what it does else is not known. */
  readonly asks?: string
  /** What it threw: it cannot be run. */
  readonly refuses?: string
}

/** How the history of MikroORM's own migrator is taken over. */
export interface Adoption {
  /**
   * Calls every migration of the project, up and down, with the user's own MikroORM. Opens no connection.
   * @throws {AludelError} MIKRO_ORM_MISSING, ENTITIES_INVALID, MIGRATIONS_UNREADABLE
   */
  history(source: EntitySource): Promise<MigrationHistory>
  /** Cuts a text into its statements where that is safe; else it stays whole. */
  split(text: string): readonly string[]
  /**
   * Cuts texts into statements, and lets no setting of theirs outlast the revision.
   * @param options.transactional they run in one transaction
   */
  port(texts: readonly string[], options: { readonly transactional: boolean }): PortedStatements
  /**
   * Lends an empty place, as `scratch`, to statements that nobody has looked at: what the project has is out of their reach.
   * @throws {AludelError} SCRATCH_UNAVAILABLE when they name what is elsewhere; whatever `scratch` throws
   */
  rehearse<T>(url: string, rehearsal: Rehearsal, work: (session: Session) => Promise<T>): Promise<T>
}

export interface PortedStatements {
  readonly statements: readonly string[]
  /** What was left out or added, and why; sentences. */
  readonly notes: readonly string[]
}

export interface Rehearsal extends ConnectOptions {
  /** All that will be run. */
  readonly statements: readonly string[]
  /** The database is there for this, and empty: names with a schema mean its own. */
  readonly dedicated: boolean
}

/** Whose servers may lend a place, if any. */
export interface ScratchServers {
  /** Of the project's database. */
  readonly url: string | undefined
  /** Of one that is there for this; it comes first. */
  readonly scratchUrl: string | undefined
}

/** Where a history is built. */
export interface HistoryPlace {
  /** Reads back what was built. */
  readonly session: Session
  /** Lends a session to what one revision does, in a transaction as far as a run would have one. */
  step<T>(mode: StepMode, work: (session: Session) => Promise<T>): Promise<T>
  /** Lends a place, as a dialect's `scratch`, in the same database. Left out: the dialect's is as good. */
  scratch?<T>(work: (session: Session) => Promise<T>): Promise<T>
}

export interface Dialect {
  /** Lower case, for messages: `postgresql`. */
  readonly name: string
  /** URL schemes that mean this dialect, without the colon. */
  readonly schemes: readonly string[]
  readonly capabilities: Capabilities
  /**
   * Opens one connection and proves that the server answers.
   * @throws {AludelError} URL_INVALID, DATABASE_UNREACHABLE, AUTHENTICATION, DATABASE_MISSING, DIALECT_MISMATCH
   */
  connect(url: string, options?: ConnectOptions): Promise<Session>
  /**
   * Polls for the lock, hands `work` a locked session, commits on return, rolls back on throw. Never queues on the
   * server; while it waits it is disconnected. `connect` may hand out a session that is open already; the session is
   * left open when work ends well. In mode `no-transaction` the work's session commits each statement, but for what
   * stands between its `start transaction` and `commit`.
   * @throws {AludelError} LOCK_NOT_OBTAINED after `lock.wait`; whatever `work` throws
   */
  step<T>(connect: Connect, lock: LockRequest, work: (session: Session) => Promise<T>): Promise<T>
  /**
   * Says who holds the lock now, and undefined when nobody does. Takes no part in it: who waits for the lock sees nothing of
   * the question.
   */
  holder(session: Session, lock: LockRequest): Promise<LockHolder | undefined>
  /** Tells others on the server what the lock is held for, inside `step`; where that cannot be told, it is left out. */
  announce?(session: Session, work: LockWork): Promise<void>
  /** Reads what the database has: types as `{ sql }` in the database's own words, defaults as `{ sql }`. Everything sorted by name but columns. */
  reflect(session: Session, filter?: SchemaFilter): Promise<Schema>
  /** Names the tables whose present shape `compile` must be given for these operations; empty where none. */
  reads(operations: readonly Operation[]): readonly string[]
  /**
   * Names the tables, views and enum types of which `compile` does better to know what they are, and can do without: triggers that go
   * with their functions. Default none.
   */
  looksAt?(operations: readonly Operation[]): readonly string[]
  /**
   * Turns operations into statements, one list an operation. Changes nothing.
   * @param before the shape before the first of them, of at least the tables that `reads` names, and of what `looksAt` names as far as
   *   it is there and known
   * @throws {AludelError} SHAPE_UNKNOWN, NOT_SUPPORTED
   */
  compile(
    operations: readonly Operation[],
    before: Schema,
    options?: CompileOptions,
  ): Promise<readonly (readonly Statement[])[]>
  /**
   * Reads the project's entities with the user's own MikroORM. Opens no connection.
   * @throws {AludelError} ENTITIES_INVALID, MIKRO_ORM_MISSING
   */
  entities(source: EntitySource): Promise<WantedSchema>
  /**
   * Tells of tables what `reflect` would say of them once these statements have run, word for word; by name, and without those of
   * which any part is not certain. Pure. Left out: nothing is certain.
   */
  foresee?(create: readonly WantedStatement[]): Promise<ReadonlyMap<string, Table>>
  /**
   * Lends an empty place to build in and read back (with `reflect`), gone afterwards also when `work` throws.
   * @param url of the project's database; its server is used where the place cannot be in memory; undefined: there is no server
   * @throws {AludelError} SCRATCH_UNAVAILABLE; whatever `connect` throws
   */
  scratch<T>(
    url: string | undefined,
    work: (session: Session) => Promise<T>,
    options?: ConnectOptions,
  ): Promise<T>
  /**
   * Lends an empty place, as `scratch`, to a whole history with its raw SQL: nothing that the project has is in its reach. Where a
   * statement asks for more than one place can give, `work` is called anew in the next. Left out: no history can be built.
   * @throws {AludelError} SCRATCH_UNAVAILABLE; whatever `connect` throws
   */
  historyPlace?<T>(
    servers: ScratchServers,
    work: (place: HistoryPlace) => Promise<T>,
    options?: ConnectOptions,
  ): Promise<T>
  /** Quotes each part and joins them with a dot; a dot inside a part stays inside. */
  quote(...path: readonly string[]): string
  /** Writes a value as SQL. */
  literal(value: string | number | boolean | bigint | null): string
  /** The n-th parameter of a statement, from 1. */
  placeholder(index: number): string
  /** Tells whether a transaction can hold the statement and take it back; when in doubt it says no. */
  rollsBack(sql: string): boolean
  /**
   * What stands now where a statement works that no transaction can hold: the text is another one when it has taken effect.
   * Undefined where that cannot be told.
   */
  effect(session: Session, sql: string): Promise<string | undefined>
  /** Tells whether an error of the driver means that a table or row stayed in use for longer than the step may wait. */
  isLockTimeout(error: unknown): boolean
  /** Who uses what the statement names, the oldest first; empty where the server does not say. */
  blockers(session: Session, sql: string): Promise<readonly Blocker[]>
  /** Tells whether an error of the driver means that a table does not exist. */
  isMissingTable(error: unknown): boolean
  /** Tells whether an error of the driver means that a unique key is taken. */
  isDuplicateKey(error: unknown): boolean
  /** Tells whether an error of `connect` or of a statement says that the server was away, starting or full: waiting may help. */
  isTransient(error: unknown): boolean
  /** A Kysely that runs on the session's connection and transaction; loaded only when called. */
  kysely(session: Session): Promise<unknown>
  /** Lends an empty schema on paper, for scripts; left out: operations tell all that `compile` asks for. */
  draft?(): Promise<Draft>
  /** Left out: the dialect writes no scripts (`--sql`). */
  scripting?(): Promise<Scripting>
  /** Left out: MikroORM's own migrations cannot be taken over. */
  adoption?(): Promise<Adoption>
}

/** The same session, whose statements run another way. */
export function withStatements(session: Session, own: Pick<Session, 'query' | 'simple'>): Session {
  return {
    ...own,
    cancel: () => session.cancel(),
    ref: () => session.ref(),
    unref: () => session.unref(),
    get closed() {
      return session.closed
    },
    close: () => session.close(),
  }
}

export interface AroundStatement {
  /** Told the statement that is about to run. */
  readonly before?: (sql: string) => Promise<void>
  /** Called after one that went well. */
  readonly after?: () => void
}

/** The same session, with something looked at before or after each of its statements. */
export function aroundStatements(session: Session, { before, after }: AroundStatement): Session {
  return withStatements(session, {
    query: async (sql, params) => {
      await before?.(sql)
      // What the rows hold is the caller's promise.
      const rows = await session.query<never>(sql, params)
      after?.()
      return rows
    },
    simple: async (sql) => {
      await before?.(sql)
      await session.simple(sql)
      after?.()
    },
  })
}

/** `process 42, application aludel, user app, since 2026-11-26T08:00:00Z, upgrade 3f9a`; empty when nothing is known. */
export function describeHolder({ pid, application, user, host, since, ...work }: LockHolder): string {
  const { direction, revision } = work
  const facts = { process: pid, application, user, from: host, since }
  const known = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  )
  return [...known, ...(revision === undefined ? [] : [`${direction} ${revision}`])].join(', ')
}

/** What `step` throws when the lock was not to be had in time. */
export function lockNotObtained(
  { table, wait }: LockRequest,
  holder: LockHolder | undefined,
  cause?: unknown,
): AludelError {
  const patience = wait > 0 ? `, and still did after ${Math.ceil(wait / 1000)} s` : ''
  const who = holder ? describeHolder(holder) : ''
  return new AludelError(
    'LOCK_NOT_OBTAINED',
    `Another runner holds the lock of ${table}${patience}${who === '' ? '' : `: ${who}`}.`,
    {
      state: 'Nothing was changed by this run.',
      fix: `Run again when it has ended (--lock-wait waits longer; \`aludel lock\` tells who has it)${holder ? `. ${holder.advice}` : '.'}`,
      details: { table, waited: wait, ...(holder ? { holder } : {}) },
      cause,
    },
  )
}

export interface Refusal {
  /** What the server said. */
  readonly message: string
  /** Who was refused, as SQL: `"app"`, `'app'@'%'`. */
  readonly login: string
  /** What gives the right, to be run by another login: `grant insert on table "users" to "app"`; left out where it is not known. */
  readonly statement: string | undefined
  readonly cause: unknown
}

/** What a session throws when the login may not do what a statement asks for. */
export function permissionDenied({ message, login, statement, cause }: Refusal): AludelError {
  return new AludelError('PERMISSION', message, {
    fix:
      statement === undefined
        ? `Give ${login} the right to do this, or connect as somebody who has it.`
        : `Let somebody who may run: ${statement};`,
    details: { login, ...(statement === undefined ? {} : { grant: statement }) },
    cause,
  })
}

/** What `step` throws when its work committed or rolled back what is not its own to end. */
export function transactionEnded(cause?: unknown): AludelError {
  const failure = cause instanceof Error ? `, and then failed: ${cause.message}` : ''
  return new AludelError('STEP_HALF_DONE', `The revision ended the step's transaction by itself${failure}.`, {
    state: 'What it did before that is in the database after a commit, undone after a rollback.',
    fix: 'Take begin, commit and rollback out of the revision, mend the database by hand, then run again.',
    cause,
  })
}

export interface HeldUp {
  readonly sql: string
  readonly blockers: readonly Blocker[]
  readonly cause: unknown
}

/** A statement gave up waiting for what others use. @param patience how long: `in 5 tries` */
export function heldUp(patience: string, { sql, blockers, cause }: HeldUp): AludelError {
  const by = blockers.length === 0 ? '' : ` by ${blockers.map(describeBlocker).join('; ')}`
  return new AludelError('LOCK_TIMEOUT', `what it changes stayed in use ${patience}${by}.`, {
    fix: 'End what uses it, or let --lock-timeout wait longer.',
    details: { sql, blockers },
    cause,
  })
}

/** It gives `process 4711 (user app, application web, since 2026-11-26T08:00:00Z: select …)`. */
export function describeBlocker({ pid, user, application, since, query }: Blocker): string {
  const who = [
    ...(user ? [`user ${user}`] : []),
    ...(application ? [`application ${application}`] : []),
    ...(since ? [`since ${since}`] : []),
  ].join(', ')
  const what = query ? `: ${query}` : ''
  return `process ${pid}${who || what ? ` (${who}${what})` : ''}`
}

/** Without values: what another client sends may hold anything. Short, on one line. */
export function shownQuery(sql: string | null): string | null {
  const text = sql
    ?.replace(/'(?:[^'\\]|''|\\[^])*(?:'|$)|"(?:[^"]|"")*$|\$(\w*)\$[^]*?(?:\$\1\$|$)/g, "'…'")
    .replace(/\s+/g, ' ')
  return text === undefined ? null : text.length > 100 ? `${text.slice(0, 100)}…` : text
}

/** A statement with what ends it for a client; no comment of its own swallows that. */
export function ended(sql: string, delimiter = ';'): string {
  let length = sql.length
  while (length > 0 && /[\s;]/.test(sql[length - 1] ?? '')) length -= 1
  const text = sql.slice(0, length)
  const isComment = /--|#/.test(text.slice(text.lastIndexOf('\n') + 1))
  return `${text}${isComment ? '\n' : ''}${delimiter}`
}

/** Types a dialect; a plugin module's default export is what this returns. */
export function definePlugin(dialect: Dialect): Dialect {
  return dialect
}
