/** The files of revisions, before anything is read from them. */
import { type Dirent, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { AludelError } from '../errors.ts'
import { isRevisionName } from './file-name.ts'

/**
 * The files of a folder that may be revisions, by their whole paths, sorted by name.
 * @param folder absolute
 * @param root absolute; what lies outside of it behind a link is refused
 * @throws {AludelError} MIGRATIONS_FOLDER
 */
export function listFiles(folder: string, root: string): readonly string[] {
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
  // 10,000 calls of `path.join` take longer than to read the files.
  const before = folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`
  const files: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = before + entry.name
    const isThere = isRevisionName(entry.name) && (entry.isFile() || isLinkToFile(entry, file, root))
    if (isThere) files.push(file)
  }
  return files
}

function isLinkToFile(entry: Dirent, file: string, root: string): boolean {
  if (!entry.isSymbolicLink()) return false
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

/**
 * To import a file by. A process that reads it again after it was changed must not be given the old module.
 * @param sum its checksum
 */
export function moduleUrl(file: string, sum: string): string {
  return `${pathToFileURL(file).href}?${sum.slice('v1:'.length, 'v1:'.length + 16)}`
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

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}
