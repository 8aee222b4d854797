/** What a revision would do, found by calling its functions without a database. */
import type { Dialect, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import type { Operations } from '../operations/operations.ts'
import { recorder } from '../operations/record.ts'
import type { LoadedRevision } from '../revision/load.ts'
import { emptySchema } from '../schema/schema.ts'
import type { CompiledDowngrade } from './rows.ts'
import { maskLiterals } from './secret-literals.ts'

/**
 * The statements that undo a revision, found by calling its `downgrade` without a database and compiling against what is there now.
 * Never throws: what cannot be known is said.
 */
export async function compileDowngrade(
  dialect: Dialect,
  session: Session,
  revision: LoadedRevision,
): Promise<CompiledDowngrade> {
  if (!revision.downgrade) return { kind: 'irreversible' }
  try {
    const { operations, dynamic } = await recordOnly(dialect, revision.downgrade)
    if (dynamic) return { kind: 'dynamic' }
    const tables = dialect.reads(operations)
    const before = tables.length === 0 ? emptySchema : await dialect.reflect(session, { tables })
    const compiled = await dialect.compile(operations, before)
    return { kind: 'statements', statements: compiled.flat().map(({ sql }) => sql), operations }
  } catch (error) {
    // The user's own error may hold anything, also a password, which the ledger would keep.
    const why = error instanceof AludelError ? maskLiterals(error.message) : 'its downgrade throws'
    return { kind: 'unknown', why }
  }
}

export interface Recording {
  readonly operations: readonly Operation[]
  /** It asked for the database, or waited for something else; what it would do after that is not known. */
  readonly dynamic: boolean
}

/** What a function of a revision records when there is no database. It is called once and goes no further than its first query. */
export async function recordOnly(
  { name }: Pick<Dialect, 'name'>,
  run: (op: Operations) => unknown,
): Promise<Recording> {
  const { promise: asked, resolve } = Promise.withResolvers<undefined>()
  let dynamic = false
  const ask = (): void => {
    dynamic = true
    resolve(undefined)
  }
  const { op, take } = recorder({
    dialect: name,
    // It never settles: nothing is made up for what comes after.
    query: () => {
      ask()
      return new Promise(() => {})
    },
    db: () => {
      ask()
      throw new Error('there is no database')
    },
  })
  const timer = setTimeout(ask, 1000)
  try {
    await Promise.race([(async () => run(op))(), asked])
  } catch (error) {
    // An error because there is no database is none of the revision's.
    if (!dynamic) throw error
  } finally {
    clearTimeout(timer)
  }
  return { operations: take().map(({ operation }) => operation), dynamic }
}
