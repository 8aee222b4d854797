import fc from 'fast-check'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { builtIn, dialectOfUrl } from '../../config/dialects.ts'
import type { Dialect } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'

/** Four characters of it stand in nothing else that is shown; every character that has a meaning in a URL may be among them. */
const password = fc
  .array(fc.constantFrom(...`QXZ7QXZ7QXZ7/?#[]@!$&'()*+,;=:% "\\<>^{}|\`~-._`, 'ü', 'ท', '🎉', '\n'), {
    minLength: 4,
    maxLength: 20,
  })
  .map((parts) => parts.join(''))
const spelled = fc.constantFrom((text: string) => text, encodeURIComponent, encodeURI)
const scheme = fc.constantFrom('postgresql', 'postgres', 'mysql', 'mariadb', 'postgresql+psycopg', 'mongodb')
const slashes = fc.constantFrom('://', '://', '://', ':/', ':', '')
const user = fc.constantFrom('app', 'a%40b', '')
// Nothing listens there, and no name is looked up.
const host = fc.constantFrom(
  '127.0.0.1:1',
  '[::1]:1',
  '127.0.0.1:port',
  '127.0.0.1:1,127.0.0.1:2',
  '[::1',
  ':1',
)
const rest = fc.constantFrom('/shop', '/shop?sslmode=require', '/shop?sslmode=nonsense', '/a/b', '/shop#', '')

const known = /^(?:URL_INVALID|DIALECT_UNKNOWN|DATABASE_UNREACHABLE)$/

/** As a command does: which dialect, then its connection. */
async function connect(url: string): Promise<unknown> {
  try {
    const { default: dialect } = await load(dialectOfUrl(url))
    const session = await dialect.connect(url, { timeout: 300 })
    await session.close()
    return undefined
  } catch (error) {
    return error
  }
}

async function load(name: string): Promise<{ readonly default: Dialect }> {
  const found = builtIn[name]
  if (!found) throw new Error(`no ${name}`)
  return found.load()
}

/** All that can be printed of an error. */
function textOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? textOf(error.cause) : ''
  const own = error instanceof Error ? [error.message, error.stack, JSON.stringify(error), String(error)] : []
  return [...own, inspect(error, { depth: 9, showHidden: true }), cause].join('\n')
}

test(
  'F25: no four characters of a password are in the error of a URL, however it is written, and each error is a known one',
  { timeout: 200_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        password,
        spelled,
        scheme,
        slashes,
        user,
        host,
        rest,
        async (secret, spell, ...parts) => {
          const [name, slash, login, where, end] = parts
          const written = spell(secret)
          const error = await connect(`${name}${slash}${login}:${written}@${where}${end}`)
          expect(error).toBeInstanceOf(AludelError)
          expect(error).toHaveProperty('code', expect.stringMatching(known))
          const text = textOf(error)
          const pieces = [secret, written].flatMap((form) =>
            Array.from({ length: Math.max(0, form.length - 3) }, (_, at) => form.slice(at, at + 4)),
          )
          expect(pieces.filter((piece) => /[QXZ]/.test(piece) && text.includes(piece))).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  },
)
