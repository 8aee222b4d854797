/** No column is set not null while rows have no value in it: some servers would put one there, and others do not say which rows. */
import type { Dialect, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import { stringText } from '../operations/string-text.ts'
import { splitName } from '../schema/name.ts'

export interface Filled {
  readonly dialect: Pick<Dialect, 'quote' | 'capabilities'>
  readonly session: Session
  /** A transaction is open, which a query that fails would spoil. */
  readonly inTransaction: boolean
}

/** Counting more would take long and tell no more. */
const most = 1000

/** @throws {AludelError} STEP_FAILED */
export async function checkFilled(operation: Operation | undefined, place: Filled): Promise<void> {
  if (operation?.kind !== 'alterColumn' || operation.change.nullable !== false) return
  const { table, column, change } = operation
  if (change.generated != null || change.autoincrement === true) return
  const held = await countNulls(place, table, column)
  if (held === 0) return
  const rows =
    held > most ? `more than ${most.toLocaleString('en')} rows` : held === 1 ? '1 row' : `${held} rows`
  const name = place.dialect.quote(column)
  throw new AludelError(
    'STEP_FAILED',
    `${table}.${column} cannot be set not null: ${rows} of ${table} ${held === 1 ? 'has' : 'have'} null in it.`,
    {
      fix: `Fill it before: op.execute(${stringText(`update ${tableSql(place, table)} set ${name} = … where ${name} is null`)}).`,
      details: { table, column, rows: held },
    },
  )
}

/** Up to one more than `most`; 0 where it cannot be asked: the statement says why. */
async function countNulls(place: Filled, table: string, column: string): Promise<number> {
  const { dialect, session, inTransaction } = place
  const name = dialect.quote(column)
  if (inTransaction) await session.simple('savepoint aludel_filled')
  try {
    // Without the `t.` SQLite would take a column that is not there for a text.
    const [row] = await session.query<{ readonly held: unknown }>(
      `select count(*) as held from (select 1 as one from ${tableSql(place, table)} t where t.${name} is null limit ${most + 1}) c`,
    )
    return Number(row?.held)
  } catch (error) {
    if (session.closed) throw error
    return 0
  } finally {
    if (inTransaction && !session.closed) {
      await session.simple('rollback to savepoint aludel_filled')
      await session.simple('release savepoint aludel_filled')
    }
  }
}

function tableSql({ dialect: { quote, capabilities } }: Filled, table: string): string {
  if (!capabilities.schemas) return quote(table)
  const { schema, name } = splitName(table)
  return schema === undefined ? quote(name) : quote(schema, name)
}
