/** What a ledger says, without what differs from one run to another: times and ids of runs. */
import { sql } from './sql.ts'

export interface LedgerContent {
  readonly revisions: readonly unknown[][]
  readonly journal: readonly unknown[][]
}

const revisionColumns =
  'revision, down_revision, depends_on, message, checksum, source, extension, downgrade, operations, applied_by, version'
const journalColumns =
  'revision, direction, outcome, statement_done, statements, error_code, applied_by, version, position, shape'

export async function ledgerContent(url: string): Promise<LedgerContent> {
  const read = (columns: string, table: string): Promise<readonly unknown[][]> =>
    sql(
      url,
      `select ${columns} from ${table} order by revision, ${table === 'aludel_journal' ? 'direction, outcome' : '1'}`,
    )
  const revisions = await read(revisionColumns, 'aludel_revision')
  return {
    // PostgreSQL tells a type by its long name, a revision by its short one; these statements are for people.
    revisions: revisions.map((row) =>
      row.map((value) =>
        typeof value === 'string' ? value.replaceAll('character varying', 'varchar') : value,
      ),
    ),
    journal: await read(journalColumns, 'aludel_journal'),
  }
}
