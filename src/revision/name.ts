/** Ids and branch labels of revisions. */
import { AludelError } from '../errors.ts'

/** Not those that mean something else as a target, or that a file system or JavaScript takes for something else. */
const idForm = /^(?!(?:head|heads|base|current|__proto__|con|prn|aux|nul|com\d|lpt\d)$)\w{1,64}$/i

/** Twelve hexadecimal digits, at random. */
export function newRevisionId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(-12)
}

/**
 * @param path the file that has it; none where a person typed it
 * @throws {AludelError} ILLEGAL_REVISION_ID
 */
export function checkRevisionId(id: string, path?: string): string {
  if (idForm.test(id)) return id
  throw new AludelError('ILLEGAL_REVISION_ID', `${shown(id)} cannot be a revision id${inFile(path)}.`, {
    fix: 'Use 1 to 64 letters, digits and underscores, and none of head, heads, base, current.',
    details: { revision: id.slice(0, 200), path },
    ...(path === undefined ? {} : { exitCode: 4 }),
  })
}

/**
 * Takes what Alembic takes, but for what would be another target: `a@b`, `a:b`, `+1`, `base`. A label `head` is one that Alembic's users
 * can have; typed as a target, `head` means the head all the same.
 * @param path the file that has it; none where a person typed it
 * @throws {AludelError} ILLEGAL_BRANCH_LABEL
 */
export function checkBranchLabel(label: string, path?: string): string {
  if (!/^$|[@:\p{Cc}]|^\s|\s$|^[+-]\d+$|^(?:base|current)$/u.test(label)) return label
  throw new AludelError('ILLEGAL_BRANCH_LABEL', `${shown(label)} cannot be a branch label${inFile(path)}.`, {
    fix: 'Use a name without @ and :, which is no number of steps, and neither base nor current.',
    details: { label: label.slice(0, 200), path },
    ...(path === undefined ? {} : { exitCode: 4 }),
  })
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

function inFile(path: string | undefined): string {
  return path === undefined ? '' : ` (${path})`
}
