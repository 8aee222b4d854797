/** Kysely on a session's own connection and transaction. */
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type { Session } from '../src/dialect.ts'
import { AludelError } from '../src/errors.ts'

export type Family = 'sqlite' | 'postgresql' | 'mysql'

/** Loads kysely (150 ms) and binds it; it opens no connection and ends none. */
export async function kyselyOn(session: Session, family: Family): Promise<unknown> {
  const kysely = await import('kysely')
  const { adapter, compiler, introspector } = {
    sqlite: {
      adapter: kysely.SqliteAdapter,
      compiler: kysely.SqliteQueryCompiler,
      introspector: kysely.SqliteIntrospector,
    },
    postgresql: {
      adapter: kysely.PostgresAdapter,
      compiler: kysely.PostgresQueryCompiler,
      introspector: kysely.PostgresIntrospector,
    },
    mysql: {
      adapter: kysely.MysqlAdapter,
      compiler: kysely.MysqlQueryCompiler,
      introspector: kysely.MysqlIntrospector,
    },
  }[family]
  const dialect: Dialect = {
    createAdapter: () => new adapter(),
    createQueryCompiler: () => new compiler(),
    createIntrospector: (db) => new introspector(db),
    createDriver: () => driverOf(connectionOn(session, family)),
  }
  return new kysely.Kysely<unknown>({ dialect })
}

function driverOf(connection: DatabaseConnection): Driver {
  const refuse = async (): Promise<never> => {
    throw new AludelError('NOT_SUPPORTED', '`op.db` cannot begin a transaction: the step is one.', {
      fix: 'Run the queries on `op.db` itself; all of the step is rolled back when one fails.',
    })
  }
  const nothing = async (): Promise<void> => {}
  return {
    init: nothing,
    acquireConnection: async () => connection,
    releaseConnection: nothing,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: nothing,
  }
}

function connectionOn(session: Session, family: Family): DatabaseConnection {
  const executeQuery = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
    const count = countOf(query) ? counters[family] : undefined
    if (count) return { rows: [], ...(await count(session, query)) }
    return { rows: [...(await session.query<R>(query.sql, query.parameters))] }
  }
  return {
    executeQuery,
    async *streamQuery(query) {
      yield await executeQuery(query)
    },
  }
}

/** Tells whether kysely wants the number of rows, not rows. */
function countOf({ query }: CompiledQuery): boolean {
  const writes =
    query.kind === 'InsertQueryNode' || query.kind === 'UpdateQueryNode' || query.kind === 'DeleteQueryNode'
  return writes && !query.returning
}

type Counted = Pick<QueryResult<unknown>, 'numAffectedRows' | 'insertId'>

/** A session tells rows only, and without a number kysely says that none was changed. */
const counters: Readonly<Record<Family, (session: Session, query: CompiledQuery) => Promise<Counted>>> = {
  sqlite: async (session, { sql, parameters }) => {
    await session.query(sql, parameters)
    return counted(session, 'select changes() as affected, last_insert_rowid() as id')
  },
  mysql: async (session, { sql, parameters }) => {
    await session.query(sql, parameters)
    return counted(session, 'select row_count() as affected, last_insert_id() as id')
  },
  postgresql: async (session, { sql, parameters, query }) => {
    // A `with` of its own can stand at the top of a statement only.
    if ('with' in query && query.with) {
      await session.query(sql, parameters)
      return {}
    }
    const text = `with aludel_changed as (${sql} returning 1) select count(*) as affected from aludel_changed`
    const [row] = await session.query<{ affected: number | bigint | string }>(text, parameters)
    return { numAffectedRows: BigInt(row?.affected ?? 0) }
  },
}

async function counted(session: Session, sql: string): Promise<Counted> {
  const [row] = await session.query<{ affected: number | bigint | string; id: number | bigint | string }>(sql)
  return { numAffectedRows: BigInt(row?.affected ?? 0), insertId: BigInt(row?.id ?? 0) }
}
