import { linkSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type RevisionParts, revisionFile } from '../support/files.ts'
import { type Project, project } from '../support/project.ts'

// A server that is not there: a connection would fail otherwise.
const config = { 'aludel.config.json': '{ "url": "postgresql://nobody@127.0.0.1:1/none" }' }

type Parts = RevisionParts & { readonly labels?: readonly string[]; readonly dependsOn?: readonly string[] }

/** The files `migrations/<id>.ts` of revisions by id. */
function files(revisions: Readonly<Record<string, Parts>>): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...Object.entries(revisions).map(([id, { labels = [], dependsOn = [], ...parts }]) =>
      revisionFile(id, {
        ...parts,
        header: `export const branchLabels: string[] = ${JSON.stringify(labels)}
export const dependsOn: string[] = ${JSON.stringify(dependsOn)}`,
      }),
    ),
  )
}

/** A copy of the revision's file under another name. */
function copy(id: string, name: string, parts: Parts = {}): Readonly<Record<string, string>> {
  return { [`migrations/${name}`]: files({ [id]: parts })[`migrations/${id}.ts`] ?? '' }
}

/** What `history` says, which is what every command says before it connects. The project's folder is left out of the paths. */
async function faultOf(app: Project) {
  const [history, upgrade] = await Promise.all([
    app.run(['history', '--json']),
    app.run(['upgrade', '--json']),
  ])
  expect(upgrade).toMatchObject({ status: 4, stdout: history.stdout })
  const { status, stdout } = history
  const { code, message, fix, details } = JSON.parse(stdout.replaceAll(`${app.folder}/`, '')).error
  return { status, code, message, fix, details }
}

describe('a fault of the graph ends every command with 4 before it connects, and names the files', () => {
  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    [
      'CYCLE',
      files({ a: { down: 'c' }, b: { down: 'a' }, c: { down: 'b' }, d: { down: 'c' } }),
      'The revisions follow each other in a circle: a -> b -> c -> a (migrations/a.ts, migrations/b.ts, migrations/c.ts).',
      'Correct `downRevision` of the one that is to come first; `git log -p -- migrations/a.ts migrations/b.ts migrations/c.ts` shows what stood there.',
    ],
    [
      'CYCLE',
      files({ a: {}, b: { down: 'a' }, c: { down: ['b', 'd'], dependsOn: ['a'] }, d: { down: 'c' } }),
      'The revisions follow each other in a circle: c -> d -> c (migrations/c.ts, migrations/d.ts).',
      'Correct `downRevision` of the one that is to come first; `git log -p -- migrations/c.ts migrations/d.ts` shows what stood there.',
    ],
    [
      'DEPENDENCY_CYCLE',
      files({ a: { dependsOn: ['c'] }, b: { down: 'a' }, c: { down: 'b' }, d: { down: 'c' } }),
      'The revisions wait for each other in a circle: a -> b -> c -> a, as a depends on c (migrations/a.ts, migrations/b.ts, migrations/c.ts).',
      'Take one of these out of `dependsOn`; `git log -p -- migrations/a.ts migrations/b.ts migrations/c.ts` shows what stood there.',
    ],
    [
      'DEPENDENCY_CYCLE',
      files({ a2: { dependsOn: ['billing'] }, b2: { dependsOn: ['a2'], labels: ['billing'] } }),
      'The revisions wait for each other in a circle: a2 -> b2 -> a2, as a2 depends on b2 and b2 depends on a2 (migrations/a2.ts, migrations/b2.ts).',
      'Take one of these out of `dependsOn`; `git log -p -- migrations/a2.ts migrations/b2.ts` shows what stood there.',
    ],
    [
      'SELF_LOOP',
      files({ a: {}, b: { down: ['a', 'b'] } }),
      'Revision migrations/b.ts follows itself.',
      'Correct its `downRevision`; `git log -p -- migrations/b.ts` shows what stood there.',
    ],
    [
      'DEPENDENCY_SELF_LOOP',
      files({ a: {}, b: { down: 'a', dependsOn: ['b'] } }),
      'Revision migrations/b.ts depends on itself.',
      'Correct its `dependsOn`; `git log -p -- migrations/b.ts` shows what stood there.',
    ],
    [
      'MISSING_REFERENCED_REVISION',
      files({ b: { down: 'zz' } }),
      'Revision migrations/b.ts follows zz, which is in no file.',
      "Put the file of zz back (git log --all -- '*zz*' finds it), or correct `downRevision` of migrations/b.ts.",
    ],
    [
      'MISSING_REFERENCED_REVISION',
      files({ b: { dependsOn: ['zz'] } }),
      'Revision migrations/b.ts depends on zz, which is in no file.',
      "Put the file of zz back (git log --all -- '*zz*' finds it), or correct `dependsOn` of migrations/b.ts.",
    ],
    [
      'MISSING_REFERENCED_REVISION',
      files({ abcd1111aaaa: {}, b: { down: 'abcd' } }),
      'Revision migrations/b.ts follows abcd, which is only the beginning of an id (abcd1111aaaa, migrations/abcd1111aaaa.ts).',
      "Write 'abcd1111aaaa' in `downRevision` of migrations/b.ts.",
    ],
    [
      'MISSING_REFERENCED_REVISION',
      files({ abcd1111aaaa: {}, b: { dependsOn: ['ABCD1111aaaa'] } }),
      'Revision migrations/b.ts depends on ABCD1111aaaa, which is written otherwise (abcd1111aaaa, migrations/abcd1111aaaa.ts).',
      "Write 'abcd1111aaaa' in `dependsOn` of migrations/b.ts.",
    ],
    [
      'MISSING_REFERENCED_REVISION',
      files({ a: { labels: ['billing'] }, b: { down: 'billing' } }),
      'Revision migrations/b.ts follows billing, which is no id but a branch label (of a, migrations/a.ts).',
      "Write 'a' in `downRevision` of migrations/b.ts.",
    ],
    [
      'DUPLICATE_BRANCH_LABEL',
      files({ a: { labels: ['billing'] }, b: { labels: ['billing'] } }),
      'Branch label billing of migrations/b.ts is already used by revision migrations/a.ts.',
      'Take it out of `branchLabels` of migrations/b.ts, or write another label there.',
    ],
    [
      'DUPLICATE_BRANCH_LABEL',
      files({ a: { labels: ['b'] }, b: {} }),
      'Branch label b of migrations/a.ts is the id of revision migrations/b.ts.',
      'Take it out of `branchLabels` of migrations/a.ts, or write another label there.',
    ],
    [
      'DUPLICATE_BRANCH_LABEL',
      files({ a: { labels: ['billing', 'billing'] } }),
      'Branch label billing of migrations/a.ts stands there twice.',
      'Take it out of `branchLabels` of migrations/a.ts, or write another label there.',
    ],
    [
      'DUPLICATE_REVISION',
      { ...files({ a: {}, b: { down: 'a' } }), ...copy('b', 'z.ts') },
      'Two files have the revision id b: migrations/b.ts and migrations/z.ts.',
      'Remove the one that is a copy, or give it another id (file name, `revision`, and the `downRevision` of what follows it).',
    ],
    [
      'ILLEGAL_REVISION_ID',
      files({ 'a-1': {} }),
      '"a-1" cannot be a revision id (migrations/a-1.ts).',
      'Use 1 to 64 letters, digits and underscores, and none of head, heads, base, current.',
    ],
    [
      'ILLEGAL_REVISION_ID',
      files({ head: {} }),
      '"head" cannot be a revision id (migrations/head.ts).',
      'Use 1 to 64 letters, digits and underscores, and none of head, heads, base, current.',
    ],
    [
      'ILLEGAL_BRANCH_LABEL',
      files({ a: { labels: ['a@b'] } }),
      '"a@b" cannot be a branch label (migrations/a.ts).',
      'Use a name without @ and :, which is no number of steps, and neither base nor current.',
    ],
    [
      'HEADER_UNREADABLE',
      { ...files({ a: {} }), 'migrations/x.ts': 'export const nothing = 1\n' },
      'migrations/x.ts is not a revision file: it exports no `revision`.',
      "A revision file begins with `export const revision = '…'` and `export const downRevision = …`; move any other file elsewhere, or begin its name with `_`.",
    ],
  ])('%s', async (code, written, message, fix) => {
    expect(await faultOf(project({ ...config, ...written }))).toMatchObject({
      status: 4,
      code,
      message,
      fix,
    })
  })
})

test('several faults are told at once, by the code of the first', async () => {
  const app = project({
    ...config,
    ...files({ a: { down: 'x1' }, b: { down: 'b' }, c: { dependsOn: ['x2'] } }),
  })
  expect(await faultOf(app)).toMatchObject({
    code: 'SELF_LOOP',
    message:
      'Revision migrations/b.ts follows itself. ' +
      'Revision migrations/a.ts follows x1, which is in no file. ' +
      'Revision migrations/c.ts depends on x2, which is in no file.',
    details: {
      faults: [
        { code: 'SELF_LOOP', details: { files: ['migrations/b.ts'] } },
        { code: 'MISSING_REFERENCED_REVISION', details: { missing: 'x1', files: ['migrations/a.ts'] } },
        { code: 'MISSING_REFERENCED_REVISION', details: { missing: 'x2', files: ['migrations/c.ts'] } },
      ],
    },
  })
})

describe('one file that is found in two ways', () => {
  const twice = async (app: Project) => {
    const { code, message, fix } = await faultOf(app)
    expect(fix).toBe('Remove the link, or name each folder once in `migrations` of the configuration.')
    return { code, message }
  }

  test('by a link beside it', async () => {
    const app = project({ ...config, ...files({ a: {} }) })
    symlinkSync('a.ts', path.join(app.folder, 'migrations/b.ts'))
    expect(await twice(app)).toEqual({
      code: 'DUPLICATE_REVISION',
      message: 'Revision a is found twice: migrations/a.ts and migrations/b.ts are the same file.',
    })
  })

  test('by two folders, of which one is a link to the other', async () => {
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db", "migrations": ["migrations", "db"] }',
      ...files({ a: {} }),
    })
    symlinkSync('migrations', path.join(app.folder, 'db'))
    expect(await twice(app)).toEqual({
      code: 'DUPLICATE_REVISION',
      message: 'Revision a is found twice: migrations/a.ts and db/a.ts are the same file.',
    })
  })

  test('by a folder that is named twice', async () => {
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db", "migrations": ["migrations", "./migrations/"] }',
      ...files({ a: {} }),
    })
    expect(await twice(app)).toEqual({
      code: 'DUPLICATE_REVISION',
      message: 'Revision a is found twice: migrations/a.ts and migrations/a.ts are the same file.',
    })
  })

  test('as two names of the disk: then they are two files', async () => {
    const app = project({ ...config, ...files({ a: {} }) })
    linkSync(path.join(app.folder, 'migrations/a.ts'), path.join(app.folder, 'migrations/b.ts'))
    expect(await faultOf(app)).toMatchObject({
      code: 'DUPLICATE_REVISION',
      message: 'Two files have the revision id a: migrations/a.ts and migrations/b.ts.',
    })
  })
})

describe('what Alembic takes is taken', () => {
  const history = async (written: Readonly<Record<string, string>>) => {
    const { status, stdout } = await project({ ...config, ...written }).run(['history'])
    expect(status).toBe(0)
    return stdout
  }

  test('a parent and a dependency that are listed twice', async () => {
    expect(await history(files({ a: {}, b: { down: ['a', 'a'] }, c: { dependsOn: ['b', 'b'] } }))).toBe(
      `<base> (b, b) -> c (head), c
a, a -> b (effective head) (mergepoint), b
<base> -> a, a
`,
    )
  })

  test('a merge with an ancestor of its other parent', async () => {
    expect(await history(files({ a: {}, b: { down: 'a' }, c: { down: ['b', 'a'] } }))).toBe(
      `b, a -> c (head) (mergepoint), c
a -> b, b
<base> -> a (branchpoint), a
`,
    )
  })

  test('labels with a dash or a dot, and one that is called head', async () => {
    expect(await history(files({ a: { labels: ['my-lib', 'my.lib', 'head'] } }))).toBe(
      '<base> -> a (head, my-lib, my.lib) (head), a\n',
    )
  })
})
