/** What the ledger keeps of revisions whose files are not here: enough to take them back. */
import { AludelError } from '../errors.ts'
import { type Graph, buildGraph } from '../graph/graph.ts'
import type { Operation } from '../operations/operation.ts'
import { isOperation } from '../operations/all.ts'
import { readHeader } from '../revision/header.ts'
import type { RevisionFile } from '../revision/read.ts'
import { idsOf, strange } from './rows.ts'
import type { LedgerRow } from './rows.ts'
import { safe } from './safe.ts'

/**
 * The graph of the files with revisions that the ledger alone knows.
 * @param table the ledger's, for messages
 * @throws {AludelError} LEDGER_SHAPE; the faults of a graph
 */
export function withKept(
  graph: Graph<RevisionFile>,
  rows: readonly LedgerRow[],
  table: string,
): Graph<RevisionFile> {
  return buildGraph([...graph.revisions.values(), ...rows.map((row) => keptFile(row, table))])
}

function keptFile(row: LedgerRow, table: string): RevisionFile {
  const text = (column: string): string => String(row[column] ?? '')
  const revision = text('revision')
  const ids = (column: string): readonly string[] => {
    const found = idsOf(row[column])
    if (!found) throw strange(table, `of revision '${safe(revision)}' has no list of ids in ${column}`)
    return found
  }
  // Only read, never run.
  const header = readHeader(text('source'))
  const labels = header.get('branchLabels')
  const undoing = undoingOf(row, table)
  return {
    revision,
    downRevision: ids('down_revision'),
    dependsOn: ids('depends_on'),
    branchLabels: Array.isArray(labels) ? labels.map(String) : [],
    path: `${table}, revision ${safe(revision)}`,
    message: text('message'),
    createdAt: undefined,
    transaction: header.get('transaction') !== false,
    irreversible: undoing.why,
    allowDataLoss: [],
    kept: undoing.operations ?? [],
  }
}

interface Undoing {
  readonly operations?: readonly Operation[]
  /** Why there are none. */
  readonly why: string | undefined
}

function undoingOf(row: LedgerRow, table: string): Undoing {
  const downgrade = parsed(row, 'downgrade', table)
  const { kind, why }: { kind?: unknown; why?: unknown } = isObject(downgrade) ? downgrade : {}
  const operations = kind === 'statements' && row['operations'] ? parsed(row, 'operations', table) : undefined
  if (Array.isArray(operations)) {
    if (operations.every(isOperation)) return { operations, why: undefined }
    throw strange(table, `of revision '${safe(String(row['revision']))}' has in operations what is none`)
  }
  if (kind === 'dynamic') return { why: 'its downgrade asks the database' }
  if (kind === 'irreversible') return { why: 'it has no downgrade' }
  return { why: typeof why === 'string' ? safe(why) : 'it was recorded without' }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function parsed(row: LedgerRow, column: string, table: string): unknown {
  try {
    return JSON.parse(String(row[column]))
  } catch {
    const { revision } = row
    throw strange(table, `of revision '${safe(String(revision))}' has in ${column} what is no JSON`)
  }
}

/**
 * Refuses a way back over a revision of which nothing is kept that undoes it, before the first step.
 * @throws {AludelError} DATABASE_AHEAD
 */
export function checkKept(graph: Graph<RevisionFile>, ids: readonly string[]): void {
  const file = ids.map((id) => graph.revisions.get(id)).find((each) => each?.kept && each.irreversible)
  if (!file) return
  throw new AludelError(
    'DATABASE_AHEAD',
    `Revision ${safe(file.revision)} has no file here, and the ledger keeps nothing that undoes it: ${file.irreversible}.`,
    {
      state: 'Nothing was changed.',
      fix: 'Run `aludel downgrade` with the code that has its file, or put the file back.',
      details: { revision: safe(file.revision) },
    },
  )
}
