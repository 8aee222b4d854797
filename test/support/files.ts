/** Revision files for tests. */

export interface RevisionParts {
  readonly down?: string | readonly string[] | null
  readonly message?: string
  /** Statements of `upgrade` and `downgrade`; the functions are async, `op` is there. */
  readonly up?: string
  readonly back?: string
  /** More header lines. */
  readonly header?: string
}

/** The file `migrations/<id>.ts`. */
export function revisionFile(
  id: string,
  { down = null, message = id, up = '', back = '', header = '' }: RevisionParts = {},
): Readonly<Record<string, string>> {
  return {
    [`migrations/${id}.ts`]: `import type { Operations } from 'aludel'
export const message = ${JSON.stringify(message)}
export const revision = '${id}'
export const downRevision = ${JSON.stringify(down)}
${header}
export async function upgrade(op: Operations) {
  ${up}
}

export async function downgrade(op: Operations) {
  ${back}
}
`,
  }
}

/** A chain of revisions, each with a table of its own. */
export function chain(...ids: readonly string[]): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...ids.map((id, at) =>
      revisionFile(id, {
        down: ids[at - 1] ?? null,
        up: `op.createTable('t_${id}', { columns: [{ name: 'n', type: 'integer' }] })`,
        back: `op.dropTable('t_${id}')`,
      }),
    ),
  )
}

/** A chain, and a branch with a base of its own that depends on its end: b2 is a head that c3 brings along. */
export const branched: Readonly<Record<string, string>> = {
  'aludel.config.json': '{ "url": "sqlite:app.db" }',
  ...chain('a1', 'b2'),
  ...revisionFile('c3', { header: "export const branchLabels = ['carts']; export const dependsOn = ['b2']" }),
  ...revisionFile('d4', { down: 'c3' }),
}
