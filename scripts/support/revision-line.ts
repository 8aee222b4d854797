/** Revisions as text, in Alembic's manner. */
import type { RevisionInfo } from '../../src/commands/history.ts'
import type { DrawnNode } from './graph-lines.ts'
import type { Style } from './paint.ts'
import { printable } from './printable.ts'

/** `1c3d -> 8f2a (head), Add address`. Stable: programs may read it, though `--json` is meant for them. */
export function revisionLine(revision: RevisionInfo): string {
  const depends = revision.dependsOn.length === 0 ? '' : ` (${revision.dependsOn.join(', ')})`
  const labels = revision.branchLabels.length === 0 ? '' : ` (${revision.branchLabels.join(', ')})`
  const message = revision.message === '' ? '' : `, ${firstLine(revision.message)}`
  return `${parents(revision)}${depends} -> ${revision.revision}${labels}${marks(revision)}${message}`
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
  return marksOf(revision)
    .map((mark) => ` (${mark})`)
    .join('')
}

type Mark = 'head' | 'branchpoint' | 'mergepoint' | 'applied'

function marksOf(revision: RevisionInfo): readonly Mark[] {
  const { isHead, isBranchPoint, isMergePoint, applied } = revision
  return [
    ...(isHead ? (['head'] as const) : []),
    ...(isBranchPoint ? (['branchpoint'] as const) : []),
    ...(isMergePoint ? (['mergepoint'] as const) : []),
    ...(applied ? (['applied'] as const) : []),
  ]
}

const styles: Readonly<Record<Mark | 'label', Style>> = {
  label: ['bold', 'cyan'],
  head: ['bold', 'green'],
  branchpoint: 'dim',
  mergepoint: 'dim',
  applied: 'green',
}

function firstLine(text: string): string {
  return printable(text.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '')
}
