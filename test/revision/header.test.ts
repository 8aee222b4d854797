import fc from 'fast-check'
import { type Expression, parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'
import { stringText } from '../../src/operations/string-text.ts'
import { readHeader } from '../../src/revision/header.ts'
import { readPlainHeader } from '../../src/revision/plain-header.ts'

const read = (text: string) => Object.fromEntries(readHeader(text))

/** As aludel writes it. */
const header = `import type { Operations } from 'aludel'

export const message = 'A message'
export const revision = 'r'
export const downRevision = ['a', 'b']
export const branchLabels: string[] = []
export const dependsOn: string[] = ['c']
export const createdAt = '2026-11-22T07:30:00Z'

export async function upgrade(op: Operations) {
  op.execute("select '}'")
}

export function downgrade() {}
`

test('strings of all quotes, null, booleans and lists are read', () => {
  expect(
    read(`
      export const message = 'It\\'s "new"'
      export const revision: string = "8f2a";
      export const downRevision = ['a', "b", ] as const // two
      export const dependsOn: string[] = [
        // none yet
      ]
      export const createdAt = \`2026-11-22\`
      export const transaction = false
      export const irreversible = null
    `),
  ).toEqual({
    message: 'It\'s "new"',
    revision: '8f2a',
    downRevision: ['a', 'b'],
    dependsOn: [],
    createdAt: '2026-11-22',
    transaction: false,
    irreversible: null,
  })
})

describe('what is no literal comes as undefined', () => {
  test.each([
    ...["'a' + 'b'", 'makeId()', '`a${1}`', "['a', b]", "'a'.trim()", '42', 'x'],
    ...["'a'\n  + 'b'", "'a' // c\n// d\n  .trim()", "['a', 'b']\n[0]", "'a' /* c */\n/* d */ + 'b'"],
    ...["'a' as const\n + 'b'", "'a'\ninstanceof Object", "'a' as string\n// c\n?? 'b'"],
  ])('%j', (value) => {
    const text = `export const revision = ${value}\n`
    expect(read(text)).toEqual({ revision: undefined })
    expect(readPlainHeader(`${header.replace(/'r'/, value)}`)).toBeUndefined()
  })
})

test('comments, strings and function bodies hold no header', () => {
  expect(
    read(`
      // export const revision = 'no'
      /* export const revision = 'no' */
      const text = "export const revision = 'no'"
      export function upgrade(op) { op.execute(\`
export const revision = 'no'
\`) }
      export const revision = 'yes'
    `),
  ).toEqual({ revision: 'yes' })
})

describe('a text that does not tell what the module exports gives nothing', () => {
  test.each([
    ["export const revision = 'b'\nconst open = /\\(/\nexport const downRevision = 'a'\n"],
    ["export const revision = 'b'\nconst downRevision = 'a'\nexport { downRevision }\n"],
    ["export const revision = 'b'\nexport let downRevision = 'a'\n"],
    ["export const revision = 'b'\nexport * from './header.ts'\n"],
    ["export const revision = 'b'\nexport function upgrade() { return /[)}]\"/ }\n"],
  ])('%j', (text) => {
    expect(read(text)).toEqual({})
  })
})

test('any message is read back exactly as it is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (message) => {
      expect(read(`export const message = ${stringText(message)}\n`)).toEqual({ message })
    }),
  )
})

describe('the header as aludel writes it', () => {
  const values = {
    message: 'A message',
    revision: 'r',
    downRevision: ['a', 'b'],
    branchLabels: [],
    dependsOn: ['c'],
    createdAt: '2026-11-22T07:30:00Z',
  }

  test.each([
    ['itself', header],
    [
      'with the quotes and semicolons of a formatter',
      header
        .replaceAll("'", '"')
        .replace(/$/gm, ';')
        .replace(/^;|[{}];|\*\/;/gm, ''),
    ],
    ['with the line ends of Windows', header.replaceAll('\n', '\r\n')],
    [
      'with comments, and a long message on a line of its own',
      header.replace('= ', '=\n  ').replaceAll(/^e/gm, '// c\ne'),
    ],
    ['with other imports', `import path from 'node:path'\nimport {\n  a,\n  b,\n} from './a.ts';\n${header}`],
    ['with a list on several lines', header.replace("['a', 'b']", "[\n  'a',\n  'b',\n]")],
    ['with helpers below it', header.replace('export async', "const a = 'b'\nfunction c() {}\nexport async")],
  ])('%s', (_, text) => {
    expect(readPlainHeader(text)).toEqual(values)
    expect(read(text)).toEqual(values)
  })

  test('of a base has no parent', () => {
    expect(readPlainHeader(header.replace("['a', 'b']", 'null'))).toMatchObject({ downRevision: [] })
    expect(readPlainHeader(header.replace("['a', 'b']", "'a'"))).toMatchObject({ downRevision: ['a'] })
  })

  test.each([
    [
      'a constant behind it',
      header.replace('export async', 'export const transaction = false\nexport async'),
    ],
    ['a constant at the end', `${header}export const irreversible = 'why'\n`],
    ['an export by name', `${header}const a = 1\nexport { a as revision }\n`],
    ['an export of another file', `${header}export * from './other.ts'\n`],
    ['a constant before it', `export const transaction = false\n${header}`],
    ['another order', header.replace(/(export const message.*\n)(export const revision.*\n)/, '$2$1')],
    ['a constant that is commented out', header.replace('export const revision', '//$&')],
    ['an escaped message', header.replace('A message', "It\\'s")],
    ['an empty id', header.replace("'c'", "''")],
    ['a comment that is not closed', header.replace('export const message', '/* export const message')],
    ['a comment around it', `/*\n${header}*/`],
    ['a text that holds it', `const text = \`\n${header}\``],
  ])('is not taken for all with %s', (_, text) => {
    expect(readPlainHeader(text)).toBeUndefined()
  })

  test('a list without commas is told as none at once', () => {
    const text = header.replace("['a', 'b']", `[${"'a'      ".repeat(2000)}]`)
    expect(readPlainHeader(text)).toBeUndefined()
  })

  const pieces = `' " \` \\' \\n /* */ // ; { } [ ] ( ) , = + . 'x'`.split(' ')
  const longer = [
    '\n',
    '\r',
    '\u2028',
    ' as const',
    'export ',
    "export const revision = 'x'\n",
    'export { a as b }\n',
  ]

  test('says what the module exports, whatever is put into it; so does any other reading', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(header.length), fc.constantFrom(...pieces, ...longer)), {
          minLength: 1,
          maxLength: 3,
        }),
        (insertions) => {
          const text = insertions.reduce(
            (left, [at, piece]) => left.slice(0, at) + piece + left.slice(at),
            header,
          )
          const truth = exportsOf(text)
          if (!truth) return
          const plain = readPlainHeader(text)
          if (plain) expect(plain).toEqual({ ...truth, downRevision: [truth['downRevision'] ?? []].flat() })
          const scanned = Object.entries(read(text)).filter(([, value]) => value !== undefined)
          expect(truth).toMatchObject(Object.fromEntries(scanned))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

/** The constants that a module exports, as a parser has them; undefined for what is no module, and for values that are no literals. */
function exportsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const { program, errors } = parseSync('x.ts', text)
  if (errors.length > 0) return undefined
  const found: Record<string, unknown> = {}
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue
    for (const { exported } of statement.specifiers)
      if (exported.type === 'Identifier') found[exported.name] = undefined
    if (statement.declaration?.type !== 'VariableDeclaration') continue
    for (const { id, init } of statement.declaration.declarations)
      if (id.type === 'Identifier') found[id.name] = valueOf(init)
  }
  return found
}

function valueOf(node: Expression | null): unknown {
  if (node?.type === 'TSAsExpression') return valueOf(node.expression)
  if (node?.type === 'Literal') return node.value
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked
  if (node?.type !== 'ArrayExpression') return undefined
  return node.elements.map((each) => (each?.type === 'Literal' ? each.value : undefined))
}
