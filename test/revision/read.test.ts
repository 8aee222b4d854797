import { mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { readText } from '../../src/revision/files.ts'
import { readRevisions } from '../../src/revision/read.ts'
import type { NewFiles } from '../../src/config.ts'
import { revisionText, writeRevision } from '../../src/revision/write.ts'

function folder(files: Readonly<Record<string, string>>): string {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), 'aludel_test_read_')))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(made, name), text)
  return made
}

const header = "export const revision = 'a1'\nexport const downRevision = null\n"

test('a file is read without being run', async () => {
  const at = folder({ 'a1_x.ts': `${header}throw new Error('it was run')\n` })
  await expect(readRevisions([at], at)).resolves.toMatchObject([
    { revision: 'a1', downRevision: [], transaction: true },
  ])
})

test('what a revision may lose is read as it is written', async () => {
  const names = ['users.phone', 'Odd "table".a.b']
  const at = folder({
    'a1.ts': `${header}throw new Error('it was run')\nexport const allowDataLoss: string[] = ${JSON.stringify(names)}\n`,
    'b1.ts': header.replace('a1', 'b1'),
  })
  await expect(readRevisions([at], at)).resolves.toMatchObject([
    { revision: 'a1', allowDataLoss: names },
    { revision: 'b1', allowDataLoss: [] },
  ])
})

test('a header that is no literal is read by importing the file', async () => {
  const at = folder({
    'a1.mjs': "export const revision = ['a', '1'].join('')\nexport const downRevision = null\n",
  })
  await expect(readRevisions([at], at)).resolves.toMatchObject([{ revision: 'a1' }])
})

test('a header that is no literal is read anew when its file was changed meanwhile', async () => {
  const text = (id: string) =>
    `export const revision = ['${id}'].join('')\nexport const downRevision = null\n`
  const at = folder({ 'a1.mjs': text('a1') })
  await readRevisions([at], at)
  writeFileSync(path.join(at, 'a1.mjs'), text('b1'))
  await expect(readRevisions([at], at)).resolves.toMatchObject([{ revision: 'b1' }])
})

test('several folders are read, in their order, also files of the same name', async () => {
  const at = folder({})
  const folders = ['second', 'first'].map((name) => path.join(at, name))
  for (const each of folders) mkdirSync(each)
  writeFileSync(path.join(at, 'first/a.ts'), header)
  writeFileSync(path.join(at, 'second/a.ts'), header.replace('a1', 'b1'))
  const found = await readRevisions(folders, at)
  expect(found.map(({ revision, path: file }) => [revision, path.relative(at, file)])).toEqual([
    ['b1', 'second/a.ts'],
    ['a1', 'first/a.ts'],
  ])
})

test('.ts, .mts, .js and .mjs are read; declarations, maps and names with _ or . are not', async () => {
  const at = folder({
    'a.ts': header,
    'b.mts': header.replace('a1', 'b1'),
    'c.js': header.replace('a1', 'c1'),
    'd.mjs': header.replace('a1', 'd1'),
    'd.d.ts': 'nonsense',
    'e.js.map': '{}',
    '_helper.ts': 'nonsense',
    '.hidden.ts': 'nonsense',
  })
  const found = await readRevisions([at], at)
  expect(found.map(({ revision }) => revision)).toEqual(['a1', 'b1', 'c1', 'd1'])
})

test.each([
  ['HEADER_UNREADABLE', { 'x.mjs': 'export const nothing = 1\n' }],
  ['HEADER_UNREADABLE', { 'x.mjs': 'not JavaScript at all\n' }],
  ['HEADER_UNREADABLE', { 'x.mjs': "export const revision = 'a'\nexport const downRevision = 7\n" }],
  ['HEADER_UNREADABLE', { 'x.ts': `${header}export const allowDataLoss = true\n` }],
  ['HEADER_UNREADABLE', { 'x.ts': `${header}export const allowDataLoss = [7]\n` }],
  ['ILLEGAL_REVISION_ID', { 'x.ts': "export const revision = '../x'\n" }],
  ['ILLEGAL_BRANCH_LABEL', { 'x.ts': `${header}export const branchLabels = ['a:b']\n` }],
])('%s is told of %j', async (code, files) => {
  const at = folder(files)
  await expect(readRevisions([at], at)).rejects.toMatchObject({ code })
})

test('a folder that is not there is told by name', async () => {
  const at = path.join(folder({}), 'none')
  await expect(readRevisions([at], path.dirname(at))).rejects.toMatchObject({ code: 'MIGRATIONS_FOLDER' })
})

test('a link is followed inside of the project and refused outside of it', async () => {
  const outside = folder({ 'a.ts': header })
  const at = folder({})
  mkdirSync(path.join(at, 'migrations'))
  writeFileSync(path.join(at, 'real.ts'), header)
  symlinkSync(path.join(at, 'real.ts'), path.join(at, 'migrations/in.ts'))
  await expect(readRevisions([path.join(at, 'migrations')], at)).resolves.toHaveLength(1)
  symlinkSync(path.join(outside, 'a.ts'), path.join(at, 'migrations/out.ts'))
  await expect(readRevisions([path.join(at, 'migrations')], at)).rejects.toMatchObject({
    code: 'MIGRATIONS_FOLDER',
  })
})

const revision = {
  revision: 'ab',
  downRevision: [],
  branchLabels: [],
  dependsOn: [],
  message: 'First',
  createdAt: new Date('2026-11-22T07:30:00.123Z'),
  upgrade: [],
  downgrade: [],
}

const style: NewFiles = {
  template: [{ part: 'revision' }, '_', { part: 'slug' }],
  slugLength: 120,
  timezone: 'UTC',
}

test('a written file reads back as what it says, and is never written over', async () => {
  const at = folder({ 'package.json': '{ "type": "module" }' })
  const file = writeRevision(at, revision, style)
  expect(path.basename(file)).toBe('ab_first.ts')
  await expect(readRevisions([at], at)).resolves.toMatchObject([
    { revision: 'ab', message: 'First', createdAt: '2026-11-22T07:30:00Z', downRevision: [] },
  ])
  expect(() => writeRevision(at, revision, style)).toThrow(/is there already/)
})

test.each(['a\u0000b', '\u0001\u007F\u009B', '\uD800 half a pair', `\u2028\r\n\\'"\``, ''])(
  'F41: the message %j stands in the file exactly',
  async (message) => {
    const at = folder({ 'package.json': '{ "type": "module" }' })
    const file = writeRevision(at, { ...revision, message }, style)
    expect(path.dirname(file)).toBe(at)
    await expect(readRevisions([at], at)).resolves.toMatchObject([{ message }])
    const module: unknown = await import(/* @vite-ignore */ pathToFileURL(file).href)
    expect(module).toMatchObject({ message })
  },
)

test('an id is taken also under another name; one that only begins alike is not', () => {
  const at = folder({ 'package.json': '{ "type": "module" }' })
  writeRevision(at, { ...revision, revision: 'ab_x', message: '' }, style)
  writeRevision(at, revision, style)
  expect(() => writeRevision(at, { ...revision, message: 'Second' }, style)).toThrow(
    /Revision ab is there already/,
  )
  expect(readdirSync(at).toSorted()).toEqual(['ab_first.ts', 'ab_x.ts', 'package.json'])
})

test('a file whose name has no id is found by what it says, and no other is written over', async () => {
  const at = folder({ 'package.json': '{ "type": "module" }' })
  const dated = { ...style, template: [{ part: 'epoch' }, '_', { part: 'slug' }] } as const
  const file = writeRevision(at, revision, { ...dated, timezone: 'Asia/Kathmandu' })
  expect(path.basename(file)).toBe('1795332600_first.ts')
  await expect(readRevisions([at], at)).resolves.toMatchObject([{ createdAt: '2026-11-22T13:15:00+05:45' }])
  const again = { ...revision, message: 'Second' }
  expect(() => writeRevision(at, again, dated)).toThrow(/Revision ab is there already/)
  expect(() => writeRevision(at, { ...revision, revision: 'cd' }, dated)).toThrow(
    /1795332600_first\.ts is there already/,
  )
})

test('a CommonJS project gets .mts', () => {
  expect(path.basename(writeRevision(folder({ 'package.json': '{}' }), revision, style))).toBe('ab_first.mts')
})

test('branch labels and dependencies stand in the file, and read back', async () => {
  const at = folder({ 'package.json': '{ "type": "module" }' })
  const place = { branchLabels: ['billing', "it's"], dependsOn: ['c3', 'users'] }
  const text = readText(writeRevision(at, { ...revision, ...place }, style))
  expect(text).toContain("export const branchLabels: string[] = ['billing', \"it's\"]\n")
  expect(text).toContain("export const dependsOn: string[] = ['c3', 'users']\n")
  await expect(readRevisions([at], at)).resolves.toMatchObject([place])
})

test('a merge names all its parents', () => {
  expect(revisionText({ ...revision, downRevision: ['a', 'b'] }, style)).toContain(
    "export const downRevision = ['a', 'b']\n",
  )
})
