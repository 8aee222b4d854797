/** Revisions as text, in Alembic's manner. */
import type { RevisionInfo } from '../../src/commands/history.ts'
import { printable } from './printable.ts'

/** `1c3d -> 8f2a (head), Add address`. Stable: programs may read it, though `--json` is meant for them. */
export function revisionLine(revision: RevisionInfo): string {
  const depends = revision.dependsOn.length === 0 ? '' : ` (${revision.dependsOn.join(', ')})`
  const labels = revision.branchLabels.length === 0 ? '' : ` (${revision.branchLabels.join(', ')})`
  const message = revision.message === '' ? '' : `, ${firstLine(revision.message)}`
  return `${parents(revision)}${depends} -> ${revision.revision}${labels}${marks(revision)}${message}`
}

/** All about one revision, a fact a line. */
export function revisionBlock(revision: RevisionInfo): readonly string[] {
  return [
    `Rev: ${revision.revision}${marks(revision)}`,
    `${revision.isMergePoint ? 'Merges' : 'Parent'}: ${parents(revision)}`,
    ...(revision.dependsOn.length === 0 ? [] : [`Also depends on: ${revision.dependsOn.join(', ')}`]),
    ...(revision.branchLabels.length === 0 ? [] : [`Branch names: ${revision.branchLabels.join(', ')}`]),
    `Path: ${revision.path}`,
    ...(revision.createdAt === null ? [] : [`Created: ${revision.createdAt}`]),
    '',
    ...printable(revision.message)
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ]
}

function parents({ downRevision }: RevisionInfo): string {
  return downRevision.length === 0 ? '<base>' : downRevision.join(', ')
}

function marks(revision: RevisionInfo): string {
  const names = [
    revision.isHead ? 'head' : undefined,
    revision.isBranchPoint ? 'branchpoint' : undefined,
    revision.isMergePoint ? 'mergepoint' : undefined,
    revision.applied ? 'applied' : undefined,
  ]
  return names.flatMap((name) => (name === undefined ? [] : ` (${name})`)).join('')
}

function firstLine(text: string): string {
  return printable(text.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '')
}
