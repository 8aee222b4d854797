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
import { stringText } from '../operations/string-text.ts'
import { readHeader } from './header.ts'
import type { NewFiles } from '../config.ts'
import { isoTime } from './clock.ts'
import { fileName, isRevisionName } from './file-name.ts'
import { readText } from './files.ts'

export interface NewRevision {
  readonly revision: string
  readonly downRevision: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly message: string
  readonly createdAt: Date
  /** The calls that its functions make, as `operationText` writes them; some with comments, one a line, above them. */
  readonly upgrade: readonly (string | NotedCall)[]
  readonly downgrade: readonly (string | NotedCall)[]
  /** What it may drop although there are data in it; default nothing. */
  readonly allowDataLoss?: readonly string[]
  /** False: it runs outside of a transaction; default true. */
  readonly transaction?: boolean
  /** Why it cannot be undone; it has no `downgrade` then. */
  readonly irreversible?: string
  /** Why `upgrade` cannot run before somebody has written it: it throws this. */
  readonly unwritten?: string
  /** Comments for the top of each function, one a line. */
  readonly notes?: { readonly upgrade: readonly string[]; readonly downgrade: readonly string[] }
}

export interface NotedCall {
  readonly call: string
  readonly notes: readonly string[]
}

/** The text of a revision file. */
export function revisionText(revision: NewRevision, { timezone }: Pick<NewFiles, 'timezone'>): string {
  const { downRevision: parents, allowDataLoss = [] } = revision
  const [parent] = parents
  return [
    "import type { Operations } from 'aludel'",
    '',
    stringLine('export const message', revision.message),
    `export const revision = ${stringText(revision.revision)}`,
    parents.length > 1
      ? listLine('export const downRevision', parents)
      : `export const downRevision = ${parent === undefined ? 'null' : stringText(parent)}`,
    listLine('export const branchLabels: string[]', revision.branchLabels),
    listLine('export const dependsOn: string[]', revision.dependsOn),
    `export const createdAt = '${isoTime(revision.createdAt, timezone)}'`,
    ...(allowDataLoss.length === 0 ? [] : [listLine('export const allowDataLoss', allowDataLoss)]),
    ...(revision.transaction === false ? ['export const transaction = false'] : []),
    ...(revision.irreversible === undefined
      ? []
      : [stringLine('export const irreversible', revision.irreversible)]),
    '',
    revision.unwritten === undefined
      ? functionText('upgrade', revision.upgrade, revision.notes?.upgrade)
      : unwrittenText(revision.unwritten, revision.notes?.upgrade),
    ...(revision.irreversible === undefined
      ? ['', functionText('downgrade', revision.downgrade, revision.notes?.downgrade)]
      : []),
    '',
  ].join('\n')
}

/** A query first: who calls it without a database, to see what it records, takes it for the data step that it is. */
function unwrittenText(why: string, notes: readonly string[] = []): string {
  const lines = [
    ...notes.map(noteText),
    "  await op.query('select 1')",
    `  throw new Error(${stringText(why)})`,
  ]
  return `export async function upgrade(op: Operations) {\n${lines.join('\n')}\n}`
}

function noteText(note: string): string {
  return `  // ${note.replace(/[\r\n\u2028\u2029]+/g, ' ')}`
}

function functionText(
  name: string,
  calls: readonly (string | NotedCall)[],
  notes: readonly string[] = [],
): string {
  const lines = [...notes.map(noteText), ...calls.flatMap(callLines)]
  return lines.length === 0
    ? `export function ${name}(op: Operations) {}`
    : `export function ${name}(op: Operations) {\n${lines.join('\n')}\n}`
}

function callLines(each: string | NotedCall): readonly string[] {
  if (typeof each === 'string') return [`  ${each}`]
  return [...each.notes.map(noteText), `  ${each.call}`]
}

function stringLine(name: string, text: string): string {
  const line = `${name} = ${stringText(text)}`
  return line.length <= 110 ? line : `${name} =\n  ${stringText(text)}`
}

/** Broken where it would pass column 110, as formatters do. */
function listLine(name: string, items: readonly string[]): string {
  const line = `${name} = ${listText(items)}`
  return line.length <= 110
    ? line
    : `${name} = [\n${items.map((item) => `  ${stringText(item)},\n`).join('')}]`
}

function listText(items: readonly string[]): string {
  return `[${items.map(stringText).join(', ')}]`
}

/**
 * Writes the file; never over another.
 * @param folder absolute; made when it is not there
 * @param style how it is named
 * @returns its absolute path
 * @throws {AludelError} REVISION_EXISTS, MIGRATIONS_FOLDER
 */
export function writeRevision(folder: string, revision: NewRevision, style: NewFiles): string {
  const file = path.join(folder, fileName({ ...revision, extension: extensionFor(folder) }, style))
  const text = revisionText(revision, style)
  try {
    mkdirSync(folder, { recursive: true })
    writeWhole(file, text)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'EEXIST') throw taken(revision, file)
    throw new AludelError('MIGRATIONS_FOLDER', `${file} cannot be written (${code}).`, {
      state: 'Nothing was written.',
      fix: 'Make the folder writable, or correct `migrations` in the configuration.',
      details: { path: file },
      cause,
    })
  }
  // Another process may have written the same id under another name meanwhile; whoever sees the other's file gives way.
  const hasId = style.template.some((part) => typeof part === 'object' && part.part === 'revision')
  const other = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => isRevisionName(name) && (!hasId || name.includes(revision.revision)))
    .filter((entry) => entry.isFile())
    .map(({ name }) => path.join(folder, name))
    .find((each) => each !== file && readHeader(readText(each)).get('revision') === revision.revision)
  if (other === undefined) return file
  unlinkSync(file)
  throw revisionExists(revision.revision, other)
}

/** Names of files need not have an id in them. */
function taken({ revision }: NewRevision, file: string): AludelError {
  if (readHeader(readText(file)).get('revision') === revision) return revisionExists(revision, file)
  return new AludelError('REVISION_EXISTS', `${file} is there already, and is another revision.`, {
    state: 'Nothing was written.',
    fix: 'Choose another message, or put {revision} into `fileTemplate` of the configuration.',
    details: { revision, path: file },
  })
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
