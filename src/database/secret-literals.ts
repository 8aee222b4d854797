/**
 * Passwords in statements: a literal behind a word such as PASSWORD or IDENTIFIED BY is shown to nobody and kept nowhere.
 * No pattern here looks far ahead: a revision may hold a megabyte of one word, and the engine has a stack for 10,000 characters of one.
 */
import { AludelError } from '../errors.ts'

const stars = '***'

const names = String.raw`(?:passw(?:or)?d|passphrase|pwd|secret|secret_?key|token|credentials?|api_?key|access_?key)`

const clauses = [
  // Not the words for a revision that is not there.
  String.raw`(?<!revision )identified\s+by`,
  String.raw`identified\s+(?:with|via)\s+\S+\s+(?:as|by|using)`,
  String.raw`set\s+password\s+for\s[^=]{1,200}`,
].join('|')

/** One that is cut off counts too, as servers quote statements; in the text of a revision file a backslash stands before a quote. */
const strings = [
  // Inside of another literal quotes are doubled.
  String.raw`''[^']{1,9999}''`,
  String.raw`'(?:[^'\\]|''|\\[^]){0,9999}'?`,
  String.raw`\$(\w{0,63})\$[^]{0,9999}?(?:\$\2\$|$)`,
].join('|')

/** A literal on MySQL, a name elsewhere. */
const doubled = String.raw`"(?:[^"\\]|""|\\[^]){0,9999}"?`

const operator = String.raw`(?:=>|:=|=|:|\()`
const until = (sign: string): string =>
  String.raw`["'\`\]\\]{0,4}\s{0,20}${sign}\s{0,20}(?:password\s{0,20})?(?:\(\s{0,20})?(?:[en]|u&|_\w+)?\\?`

const literals = [
  new RegExp(String.raw`((?:${names}|${clauses})${until(`${operator}?`)})(?:${strings})`, 'gi'),
  // Between a name and another one, as in a column with its type, there is no sign.
  new RegExp(
    String.raw`((?:${names})${until(operator)}|(?:${clauses})${until(`${operator}?`)})(?:${doubled})`,
    'gi',
  ),
]

/** `host=db password=S3cret`, as it stands in a literal for dblink, a subscription or a foreign server; and in a URL. */
const inLiteral =
  /(\b(?:passw(?:or)?d|pwd|secret|token)=)(''[^']{0,9999}''|[^\s'";,)&]{1,9999})|(:\/\/[^\s:/@'"`]{0,200}:)([^\s/'"`@]{1,500})(?=@)/gi

/** The text of a statement, a message or a revision file with stars for such literals. */
export function maskLiterals(text: string): string {
  return literals
    .reduce((left, each) => left.replaceAll(each, (_, before: string) => `${before}'${stars}'`), text)
    .replaceAll(inLiteral, (_, before: string, _value, url: string | undefined) => `${before ?? url}${stars}`)
}

/** The same for a text that is kept, and without the passwords of URLs. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, stars), maskLiterals(text))
}

/** Such literals, as they are written and as they are meant, without their quotes; those of fewer than three characters left out. */
export function secretLiterals(text: string): readonly string[] {
  const behindWords = literals
    .flatMap((each) => [...text.matchAll(each)])
    .map(([whole, before = '']) => unquoted(whole.slice(before.length)))
  const inside = [...text.matchAll(inLiteral)].map(([, , value, , password]) =>
    unquoted(value ?? password ?? ''),
  )
  const found = [...behindWords, ...inside].flatMap((value) => [
    value,
    value.replaceAll("''", "'"),
    value.replaceAll(/\\(.)/g, '$1'),
  ])
  // `postgresql://user:password@host` only says where one stands.
  return [...new Set(found)].filter((value) => value.length > 2 && !/^(?:\*+|password)$/i.test(value))
}

function unquoted(value: string): string {
  return value.replace(/^(?:\\?['"]{1,2}|\$\w*\$)/, '').replace(/(?:\\?['"]{1,2}|\$\w*\$)$/, '')
}

/** The same error, or one like it that shows no such literal of any text in it: message, details, stack, causes. */
export function withoutSecretLiterals(error: unknown): unknown {
  // Those of the statement that failed come first; it may stand behind thousands that did not.
  const found = [...new Set(textsOf(error, depth).flatMap(secretLiterals))].slice(0, 50)
  const secrets = found.toSorted((a, b) => b.length - a.length)
  return secrets.length === 0 ? error : cleaned(error, secrets, depth)
}

/** Of errors and lists in an error; whatever a revision threw may hold itself. */
const depth = 5

/** A server quotes a statement from the place of its fault, and not to its end. */
function hideQuoted(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (left, secret) => {
      for (let length = Math.min(secret.length, 100); length > 3; length -= 1) {
        const start = secret.slice(0, length)
        if (left.includes(start)) return left.replaceAll(start, stars)
      }
      return left
    },
    maskSecrets(text, secrets),
  )
}

/** Of an error and what it holds; of a list or plain object its members. */
function textsOf(value: unknown, deep: number): readonly string[] {
  if (typeof value === 'string') return [value]
  if (deep === 0 || !(value instanceof Error || Array.isArray(value) || isPlain(value))) return []
  const inside = Object.values(value).flatMap((each: unknown) => textsOf(each, deep - 1))
  return value instanceof Error ? [value.message, ...textsOf(value.cause, deep - 1), ...inside] : inside
}

function cleaned(value: unknown, secrets: readonly string[], deep: number): unknown {
  if (typeof value === 'string') return maskSecrets(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (deep === 0) return undefined
  if (Array.isArray(value)) return value.map((each: unknown) => cleaned(each, secrets, deep - 1))
  const members = Object.entries(value).map(([name, each]) => [name, cleaned(each, secrets, deep - 1)])
  if (value instanceof Error)
    return Object.assign(cleanedError(value, secrets, deep), Object.fromEntries(members))
  return isPlain(value) ? Object.fromEntries(members) : undefined
}

function cleanedError(error: Error, secrets: readonly string[], deep: number): Error {
  const message = hideQuoted(error.message, secrets)
  const parts = error.cause === undefined ? {} : { cause: cleaned(error.cause, secrets, deep - 1) }
  const copy =
    error instanceof AludelError ? new AludelError(error.code, message, parts) : new Error(message, parts)
  const stack = hideQuoted(error.stack ?? '', secrets)
  return Object.defineProperty(copy, 'stack', { value: stack, configurable: true, writable: true })
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
