/** What a revision would do, found by calling its functions without a database. */
import type { Dialect, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import type { Operations } from '../operations/operations.ts'
import { type Recorded, recorder } from '../operations/record.ts'
import type { LoadedRevision } from '../revision/load.ts'
import { type Schema, emptySchema } from '../schema/schema.ts'
import type { CompiledDowngrade } from './rows.ts'
import { maskLiterals } from './secret-literals.ts'
import { compileSupported } from './supported.ts'

/** Tells the present shape that compiling operations asks for. */
export type ShapeFor = (operations: readonly Operation[]) => Promise<Schema>

/** As the database has it. */
export function shapeIn(dialect: Dialect, session: Session): ShapeFor {
  return async (operations) => {
    const tables = asked(dialect, operations)
    return tables.length === 0 ? emptySchema : dialect.reflect(session, { tables })
  }
}

/** What compiling asks for, and what it does better to know. */
export function asked(
  dialect: Pick<Dialect, 'reads' | 'looksAt'>,
  operations: readonly Operation[],
): readonly string[] {
  return [...new Set([...dialect.reads(operations), ...(dialect.looksAt?.(operations) ?? [])])]
}

/**
 * The statements that undo a revision, found by calling its `downgrade` without a database and compiling against what is there now.
 * Never throws: what cannot be known is said.
 */
export async function compileDowngrade(
  dialect: Dialect,
  shapeFor: ShapeFor,
  revision: LoadedRevision,
): Promise<CompiledDowngrade> {
  if (!revision.downgrade) return { kind: 'irreversible' }
  try {
    const { operations, dynamic } = await recordOnly(dialect, revision.downgrade)
    if (dynamic) return { kind: 'dynamic' }
    const compiled = await compileSupported(dialect, operations, await shapeFor(operations))
    return { kind: 'statements', statements: compiled.flat().map(({ sql }) => sql), operations }
  } catch (error) {
    // The user's own error may hold anything, also a password, which the ledger would keep.
    const why = error instanceof AludelError ? maskLiterals(error.message) : 'its downgrade throws'
    return { kind: 'unknown', why }
  }
}

export interface Recording {
  readonly recorded: readonly Recorded[]
  readonly operations: readonly Operation[]
  /** It asked for the database, or waited for something else; what it would do after that is not known. */
  readonly dynamic: boolean
  /** What it asked the database by first, with the stack of the call; also a query whose result it did not look at. */
  readonly asked: { readonly by: 'op.query' | 'op.db'; readonly stack: string } | undefined
}

export interface RecordOptions {
  /**
   * `never` comes the result of a query, so that the first one is the end. `unread`: a query is recorded as `execute`, and what follows
   * until a result is looked at, which nobody does of a change of data. Default `never`.
   */
  readonly results?: 'never' | 'unread'
}

/** What a function of a revision records when there is no database. It is called once, and nothing is made up for what it asks. */
export async function recordOnly(
  { name }: Pick<Dialect, 'name'>,
  run: (op: Operations) => unknown,
  { results = 'never' }: RecordOptions = {},
): Promise<Recording> {
  const { promise: ended, resolve } = Promise.withResolvers<undefined>()
  let dynamic = false
  let asked: Recording['asked']
  const end = (): void => {
    dynamic = true
    resolve(undefined)
  }
  const ask = (by: 'op.query' | 'op.db'): void => {
    asked ??= { by, stack: new Error('asked').stack ?? '' }
  }
  const { op, take } = recorder({
    dialect: name,
    query: async (sql) => {
      ask('op.query')
      if (results === 'unread') {
        op.execute(sql)
        return unreadable(end)
      }
      end()
      return new Promise(() => {})
    },
    db: () => {
      ask('op.db')
      end()
      throw new Error('there is no database')
    },
  })
  const timer = setTimeout(end, 1000)
  try {
    await Promise.race([(async () => run(op))(), ended])
  } catch (error) {
    // An error because there is no database is none of the revision's.
    if (!dynamic) throw error
  } finally {
    clearTimeout(timer)
  }
  const recorded = take()
  return { recorded, operations: recorded.map(({ operation }) => operation), dynamic, asked }
}

/** Rows that nobody has: who looks at them is told apart from who does not. */
function unreadable(looked: () => void): readonly never[] {
  return new Proxy([], {
    get: (rows, property, receiver) => {
      // Of every value that is waited for it is asked whether it is a promise.
      if (property === 'then') return Reflect.get(rows, property, receiver)
      looked()
      throw new Error('there is no database')
    },
  })
}
