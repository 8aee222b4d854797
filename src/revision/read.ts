/** The revision files of a project: found, and their headers read. No revision is run. */
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { AludelError } from '../errors.ts'
import type { Revision } from '../graph/graph.ts'
import type { Operation } from '../operations/operation.ts'
import { type Literal, readHeader } from './header.ts'
import { checkBranchLabel, checkRevisionId, isRevisionName } from './name.ts'

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
  for (const file of files) revisions.push(await readRevision(file))
  refuseSameFile(revisions)
  return revisions
}

/** Alembic takes it once and warns; which of the two ways is meant, only its author knows. */
function refuseSameFile(revisions: readonly RevisionFile[]): void {
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

function listFiles(folder: string, root: string): readonly string[] {
  let entries
  try {
    checkInside(folder, root)
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    if (cause instanceof AludelError) throw cause
    throw new AludelError(
      'MIGRATIONS_FOLDER',
      `The migrations folder ${folder} cannot be read (${errorCode(cause)}).`,
      {
        fix: 'Run `aludel init` to make it, or correct `migrations` in the configuration.',
        details: { folder },
        cause,
      },
    )
  }
  return entries
    .filter(({ name }) => isRevisionName(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(
      (entry) =>
        entry.isFile() || (entry.isSymbolicLink() && isLinkToFile(path.join(folder, entry.name), root)),
    )
    .map(({ name }) => path.join(folder, name))
}

function isLinkToFile(file: string, root: string): boolean {
  try {
    checkInside(file, root)
    return statSync(file).isFile()
  } catch (cause) {
    if (cause instanceof AludelError) throw cause
    throw cannotRead(file, `The link ${file} cannot be followed (${errorCode(cause)}).`, cause)
  }
}

function checkInside(file: string, root: string): void {
  const real = realpathSync(file)
  const from = path.relative(realpathSync(root), real)
  // A folder that was configured outside of the root without a link is the user's own choice.
  if (!from.startsWith('..') || real === file) return
  throw new AludelError('MIGRATIONS_FOLDER', `${file} is a link to ${real}, outside of the project.`, {
    fix: `Put the file itself there, or name the other folder in \`migrations\` of the configuration (the project is ${root}).`,
    details: { path: file, target: real },
  })
}

/** @throws {AludelError} HEADER_UNREADABLE, ILLEGAL_REVISION_ID, ILLEGAL_BRANCH_LABEL */
async function readRevision(file: string): Promise<RevisionFile> {
  const constants = readHeader(readText(file))
  const literal =
    constants.has('revision') &&
    constants.has('downRevision') &&
    headerNames.every((name) => isLiteral(constants, name))
  const values: ReadonlyMap<string, unknown> = literal ? constants : await importHeader(file)
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

async function importHeader(file: string): Promise<ReadonlyMap<string, unknown>> {
  try {
    const module: object = await import(pathToFileURL(file).href)
    return new Map(Object.entries(module))
  } catch (cause) {
    throw unreadable(
      file,
      `it cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    )
  }
}

/** @throws {AludelError} MIGRATIONS_FOLDER */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw cannotRead(file, `The revision file ${file} cannot be read (${errorCode(cause)}).`, cause)
  }
}

function cannotRead(file: string, what: string, cause: unknown): AludelError {
  return new AludelError('MIGRATIONS_FOLDER', what, {
    state: 'Nothing was changed.',
    fix: 'Put the file back, or let this user read it; `ls -l` shows where a link points and what is allowed.',
    details: { path: file },
    cause,
  })
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

function unreadable(file: string, why: string, cause?: unknown): AludelError {
  return new AludelError('HEADER_UNREADABLE', `${file} is not a revision file: ${why}.`, {
    fix: "A revision file begins with `export const revision = '…'` and `export const downRevision = …`; move any other file elsewhere, or begin its name with `_`.",
    details: { path: file },
    ...(cause === undefined ? {} : { cause }),
  })
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}
