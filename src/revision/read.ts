/** The revision files of a project: found, and their headers read. No revision is run. */
import { realpathSync } from 'node:fs'
import { AludelError } from '../errors.ts'
import type { Revision } from '../graph/graph.ts'
import type { Operation } from '../operations/operation.ts'
import { checksum } from './checksum.ts'
import { listFiles, moduleUrl, readText } from './files.ts'
import { type Literal, readHeader } from './header.ts'
import { checkBranchLabel, checkRevisionId } from './name.ts'
import { readPlainHeader } from './plain-header.ts'

export interface RevisionFile extends Revision {
  /** Absolute. */
  readonly path: string
  readonly message: string
  /** As written, ISO 8601; undefined when the file has none. */
  readonly createdAt: string | undefined
  /** False: the whole revision runs outside a transaction. */
  readonly transaction: boolean
  /** Why it cannot be undone; undefined when it can. */
  readonly irreversible: string | undefined
  /** What its `upgrade` may lose although it holds data: tables (`phones`) and columns (`users.phone`). */
  readonly allowDataLoss: readonly string[]
  /** There is no file: what undoes it, as the ledger keeps it. */
  readonly kept?: readonly Operation[]
}

/**
 * Reads every revision file of these folders.
 * @param folders absolute
 * @param root absolute; what lies outside of it behind a link is refused
 * @throws {AludelError} MIGRATIONS_FOLDER when one cannot be read at all, HEADER_UNREADABLE when it is no revision,
 * ILLEGAL_REVISION_ID, ILLEGAL_BRANCH_LABEL, DUPLICATE_REVISION when one file is found in two ways
 */
export async function readRevisions(
  folders: readonly string[],
  root: string,
): Promise<readonly RevisionFile[]> {
  const files = folders.flatMap((folder) => listFiles(folder, root))
  const revisions: RevisionFile[] = []
  for (const file of files) {
    const source = readText(file)
    revisions.push(readPlain(file, source) ?? (await readAny(file, source)))
  }
  refuseSameFile(revisions)
  return revisions
}

/** Alembic takes it once and warns; which of the two ways is meant, only its author knows. */
function refuseSameFile(revisions: readonly RevisionFile[]): void {
  if (new Set(revisions.map(({ revision }) => revision)).size === revisions.length) return
  const found = new Map<string, string>()
  for (const { revision, path: file } of revisions) {
    const other = found.get(revision)
    found.set(revision, file)
    if (other === undefined || realpathSync(other) !== realpathSync(file)) continue
    throw new AludelError(
      'DUPLICATE_REVISION',
      `Revision ${revision} is found twice: ${other} and ${file} are the same file.`,
      {
        fix: 'Remove the link, or name each folder once in `migrations` of the configuration.',
        details: { revision, files: [other, file] },
      },
    )
  }
}

function readPlain(file: string, source: string): RevisionFile | undefined {
  const header = readPlainHeader(source)
  if (!header) return undefined
  const { revision, downRevision, dependsOn, branchLabels, message, createdAt } = header
  checkRevisionId(revision, file)
  for (const label of branchLabels) checkBranchLabel(label, file)
  return {
    revision,
    downRevision,
    dependsOn,
    branchLabels,
    path: file,
    message,
    createdAt,
    transaction: true,
    irreversible: undefined,
    allowDataLoss: [],
  }
}

/** @throws {AludelError} HEADER_UNREADABLE, ILLEGAL_REVISION_ID, ILLEGAL_BRANCH_LABEL */
async function readAny(file: string, source: string): Promise<RevisionFile> {
  const constants = readHeader(source)
  if (!constants.has('revision') && source.includes('@mikro-orm/migrations'))
    throw unreadable(file, "it is a migration of MikroORM's own migrator", { fix: adopting })
  const literal =
    constants.has('revision') &&
    constants.has('downRevision') &&
    headerNames.every((name) => isLiteral(constants, name))
  const values: ReadonlyMap<string, unknown> = literal ? constants : await importHeader(file, source)
  const revision = values.get('revision')
  if (typeof revision !== 'string') throw unreadable(file, 'it exports no `revision`')
  return {
    revision: checkRevisionId(revision, file),
    downRevision: ids(values, 'downRevision', file),
    dependsOn: ids(values, 'dependsOn', file),
    branchLabels: ids(values, 'branchLabels', file).map((label) => checkBranchLabel(label, file)),
    path: file,
    message: text(values, 'message', file) ?? '',
    createdAt: text(values, 'createdAt', file),
    transaction: values.get('transaction') !== false,
    irreversible: text(values, 'irreversible', file),
    allowDataLoss: ids(values, 'allowDataLoss', file),
  }
}

const headerNames = [
  'revision',
  'downRevision',
  'dependsOn',
  'branchLabels',
  'message',
  'createdAt',
  'transaction',
  'irreversible',
  'allowDataLoss',
] as const

function isLiteral(constants: ReadonlyMap<string, Literal | undefined>, name: string): boolean {
  return !constants.has(name) || constants.get(name) !== undefined
}

async function importHeader(file: string, source: string): Promise<ReadonlyMap<string, unknown>> {
  try {
    const module: object = await import(moduleUrl(file, checksum(source)))
    return new Map(Object.entries(module))
  } catch (cause) {
    throw unreadable(
      file,
      `it cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

function ids(values: ReadonlyMap<string, unknown>, name: string, file: string): readonly string[] {
  const value = values.get(name)
  if (value === undefined || value === null) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const strings = list.filter((item) => typeof item === 'string')
  if (strings.length < list.length || strings.includes(''))
    throw unreadable(file, `its \`${name}\` must be null, a string or a list of strings`)
  return strings
}

function text(values: ReadonlyMap<string, unknown>, name: string, file: string): string | undefined {
  const value = values.get(name)
  if (value === undefined || typeof value === 'string') return value
  throw unreadable(file, `its \`${name}\` must be a string`)
}

const adopting =
  'Give aludel a folder of its own in its configuration, as in `"migrations": "revisions"`; `aludel adopt mikro-orm` then takes over what MikroORM has.'

function unreadable(
  file: string,
  why: string,
  { cause, fix }: { readonly cause?: unknown; readonly fix?: string } = {},
): AludelError {
  return new AludelError('HEADER_UNREADABLE', `${file} is not a revision file: ${why}.`, {
    fix:
      fix ??
      "A revision file begins with `export const revision = '…'` and `export const downRevision = …`; move any other file elsewhere, or begin its name with `_`.",
    details: { path: file },
    ...(cause === undefined ? {} : { cause }),
  })
}
