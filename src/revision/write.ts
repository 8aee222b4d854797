/** Writes a new revision file. */
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { AludelError } from '../errors.ts'
import { revisionExists } from '../graph/place.ts'
import type { Operation } from '../operations/operation.ts'
import { operationText, stringText } from '../operations/text.ts'
import { readHeader } from './header.ts'
import { fileName, isRevisionName } from './name.ts'
import { readText } from './files.ts'

export interface NewRevision {
  readonly revision: string
  readonly downRevision: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly message: string
  readonly createdAt: Date
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** What it may drop although there are data in it; default nothing. */
  readonly allowDataLoss?: readonly string[]
  /** Comments for the top of each function, one a line. */
  readonly notes?: { readonly upgrade: readonly string[]; readonly downgrade: readonly string[] }
}

/** The text of a revision file. */
export function revisionText(revision: NewRevision): string {
  const { downRevision: parents, allowDataLoss = [] } = revision
  const [parent] = parents
  const down = parents.length > 1 ? listText(parents) : parent === undefined ? 'null' : stringText(parent)
  return [
    "import type { Operations } from 'aludel'",
    '',
    `export const message = ${stringText(revision.message)}`,
    `export const revision = ${stringText(revision.revision)}`,
    `export const downRevision = ${down}`,
    `export const branchLabels: string[] = ${listText(revision.branchLabels)}`,
    `export const dependsOn: string[] = ${listText(revision.dependsOn)}`,
    `export const createdAt = '${revision.createdAt.toISOString().replace(/\.\d+Z$/, 'Z')}'`,
    ...(allowDataLoss.length === 0 ? [] : [`export const allowDataLoss = ${listText(allowDataLoss)}`]),
    '',
    functionText('upgrade', revision.upgrade, revision.notes?.upgrade),
    '',
    functionText('downgrade', revision.downgrade, revision.notes?.downgrade),
    '',
  ].join('\n')
}

function functionText(name: string, operations: readonly Operation[], notes: readonly string[] = []): string {
  const lines = [
    ...notes.map((note) => `  // ${note.replace(/[\r\n\u2028\u2029]+/g, ' ')}`),
    ...operations.map((operation) => `  ${operationText(operation)}`),
  ]
  return lines.length === 0
    ? `export function ${name}(op: Operations) {}`
    : `export function ${name}(op: Operations) {\n${lines.join('\n')}\n}`
}

function listText(items: readonly string[]): string {
  return `[${items.map(stringText).join(', ')}]`
}

/**
 * Writes the file; never over another.
 * @param folder absolute; made when it is not there
 * @returns its absolute path
 * @throws {AludelError} REVISION_EXISTS, MIGRATIONS_FOLDER
 */
export function writeRevision(folder: string, revision: NewRevision): string {
  const file = path.join(folder, fileName(revision.revision, revision.message, extensionFor(folder)))
  const text = revisionText(revision)
  try {
    mkdirSync(folder, { recursive: true })
    writeWhole(file, text)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'EEXIST') throw revisionExists(revision.revision, file)
    throw new AludelError('MIGRATIONS_FOLDER', `${file} cannot be written (${code}).`, {
      state: 'Nothing was written.',
      fix: 'Make the folder writable, or correct `migrations` in the configuration.',
      details: { path: file },
      cause,
    })
  }
  // Another process may have written the same id under another name meanwhile; whoever sees the other's file gives way.
  const other = readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.startsWith(revision.revision) && isRevisionName(entry.name),
    )
    .map(({ name }) => path.join(folder, name))
    .find((each) => each !== file && readHeader(readText(each)).get('revision') === revision.revision)
  if (other === undefined) return file
  unlinkSync(file)
  throw revisionExists(revision.revision, other)
}

/**
 * Nobody sees a half of the file, and none that is there is written over.
 * @throws what the file system throws; EEXIST when there is one
 */
function writeWhole(file: string, text: string): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file).slice(0, 40)}.${crypto.randomUUID()}`)
  try {
    writeFileSync(draft, text, { flag: 'wx' })
    try {
      linkSync(draft, file)
    } catch (cause) {
      // Some file systems have no links.
      if (!hasCode(cause, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw cause
      copyFileSync(draft, file, constants.COPYFILE_EXCL)
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

function hasCode(cause: unknown, ...codes: readonly string[]): boolean {
  return cause instanceof Error && 'code' in cause && codes.includes(String(cause.code))
}

/** `.ts` where Node takes it for a module, `.mts` in a CommonJS project. */
function extensionFor(folder: string): '.ts' | '.mts' {
  for (let at = folder; ; at = path.dirname(at)) {
    const type = packageType(path.join(at, 'package.json'))
    if (type !== undefined) return type === 'module' ? '.ts' : '.mts'
    if (at === path.dirname(at)) return '.mts'
  }
}

function packageType(file: string): unknown {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof found === 'object' && found !== null && 'type' in found ? found.type : 'commonjs'
  } catch {
    return undefined
  }
}
