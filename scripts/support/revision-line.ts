/** Revisions as text, in Alembic's manner. */
import type { RevisionInfo } from '../../src/commands/revision-info.ts'
import type { DrawnNode } from './graph-lines.ts'
import type { Style } from './paint.ts'
import { printable } from './printable.ts'

/** `1c3d -> 8f2a (billing) (head), Add address`. Stable: programs may read it, though `--json` is meant for them. */
export function revisionLine(revision: RevisionInfo): string {
  const depends = revision.dependsOn.length === 0 ? '' : ` (${revision.dependsOn.join(', ')})`
  return `${parents(revision)}${depends} -> ${shortLine(revision)}`
}

/** `8f2a (billing) (head), Add address` */
export function shortLine(revision: RevisionInfo): string {
  const message = revision.message === '' ? '' : `, ${firstLine(revision.message)}`
  return `${nameLine(revision)}${message}`
}

/** `8f2a (billing) (head)` */
export function nameLine(revision: RevisionInfo): string {
  const names = revision.branchNames.length === 0 ? '' : ` (${revision.branchNames.join(', ')})`
  return `${revision.revision}${names}${marks(revision)}`
}

/** `8f2a [billing] (needs 3b4c) (head), Add address`, behind its mark: `o` when it is known not to be applied. */
export function revisionNode(revision: RevisionInfo): DrawnNode {
  const { dependsOn, branchLabels, message } = revision
  return {
    id: revision.revision,
    parents: revision.downRevision,
    mark: revision.applied === false ? 'o' : '*',
    about: [
      ...(branchLabels.length === 0 ? [] : [{ text: ` [${branchLabels.join(', ')}]`, style: styles.label }]),
      ...(dependsOn.length === 0 ? [] : [{ text: ` (needs ${dependsOn.join(', ')})` }]),
      ...marksOf(revision).map((mark) => ({ text: ` (${mark})`, style: styles[mark] })),
      ...(message === '' ? [] : [{ text: `, ${firstLine(message)}` }]),
    ],
  }
}

/** All about one revision, a fact a line. */
export function revisionBlock(revision: RevisionInfo): readonly string[] {
  return [
    `Rev: ${revision.revision}${marks(revision)}`,
    `${revision.isMergePoint ? 'Merges' : 'Parent'}: ${parents(revision)}`,
    ...(revision.dependsOn.length === 0 ? [] : [`Also depends on: ${revision.dependsOn.join(', ')}`]),
    ...(revision.isBranchPoint ? [`Branches into: ${revision.children.join(', ')}`] : []),
    ...(revision.branchNames.length === 0 ? [] : [`Branch names: ${revision.branchNames.join(', ')}`]),
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
  return marksOf(revision)
    .map((mark) => ` (${mark})`)
    .join('')
}

type Mark = 'head' | 'effective head' | 'branchpoint' | 'mergepoint' | 'applied' | 'current'

function marksOf(revision: RevisionInfo): readonly Mark[] {
  const found: Mark[] = []
  if (revision.isHead) found.push(revision.isEffectiveHead ? 'effective head' : 'head')
  if (revision.isBranchPoint) found.push('branchpoint')
  if (revision.isMergePoint) found.push('mergepoint')
  if (revision.applied) found.push('applied')
  if (revision.isCurrent) found.push('current')
  return found
}

const styles: Readonly<Record<Mark | 'label', Style>> = {
  label: ['bold', 'cyan'],
  head: ['bold', 'green'],
  'effective head': ['bold', 'green'],
  branchpoint: 'dim',
  mergepoint: 'dim',
  applied: 'green',
  current: ['bold', 'green'],
}

function firstLine(text: string): string {
  return printable(text.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '')
}
