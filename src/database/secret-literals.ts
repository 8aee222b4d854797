/** Passwords in statements: a literal behind a word such as PASSWORD or IDENTIFIED BY is shown to nobody and kept nowhere. */
import { AludelError } from '../errors.ts'

const stars = '***'

const words = [
  String.raw`\w*(?:passw(?:or)?d|passphrase|pwd|secret|secret_?key|token|credentials?|api_?key|access_?key)`,
  // Not the words for a revision that is not there.
  String.raw`(?<!revision )identified\s+by`,
  String.raw`identified\s+(?:with|via)\s+\S+\s+(?:as|by|using)`,
  String.raw`set\s+password\s+for\s+[^=]+`,
].join('|')

/** Also one that is cut off, as servers quote statements; a backslash stands before a quote in the text of a revision file. */
const literals = [
  // Inside of another literal quotes are doubled.
  String.raw`''[^']+''`,
  String.raw`'(?:[^'\\]|''|\\[^])*(?:'|$)`,
  String.raw`"(?:[^"\\]|""|\\[^])*(?:"|$)`,
  String.raw`\$(\w*)\$[^]*?(?:\$\2\$|$)`,
].join('|')

const between = String.raw`["'\`\]\\]*\s*(?:=>|:=|=|:|\(|\bto\b|\bis\b)?\s*(?:password\s*)?(?:\(\s*)?(?:[en]|u&|_\w+)?\\?`

const literal = new RegExp(String.raw`((?:${words})${between})(?:${literals})`, 'gi')

/** `host=db password=S3cret`, as it stands in a literal for dblink, a subscription or a foreign server; and in a URL. */
const inLiteral =
  /(\b(?:passw(?:or)?d|pwd|secret|token)\s*=\s*)(''[^']*''|[^\s'";,)&]+)|([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"`]*:)([^\s/'"`]+)(?=@)/gi

/** The text of a statement, a message or a revision file with stars for such literals. */
export function maskLiterals(text: string): string {
  return text
    .replaceAll(literal, (_, before: string) => `${before}'${stars}'`)
    .replaceAll(inLiteral, (_, before: string, _value, url: string | undefined) => `${before ?? url}${stars}`)
}

/** The same for a text that is kept, and without the passwords of URLs. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, stars), maskLiterals(text))
}

/** Such literals, as they are written and as they are meant, without their quotes; those of fewer than three characters left out. */
export function secretLiterals(text: string): readonly string[] {
  const behindWords = [...text.matchAll(literal)].map(([whole, before = '']) =>
    unquoted(whole.slice(before.length)),
  )
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
  const secrets = [...new Set(textsOf(error).flatMap(secretLiterals))].toSorted((a, b) => b.length - a.length)
  return secrets.length === 0 ? error : cleaned(error, (text) => hide(maskLiterals(text), secrets))
}

/** A server quotes a statement from the place of its fault, and not to its end. */
function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => {
    for (let length = secret.length; length > 2; length -= 1) {
      const start = secret.slice(0, length)
      if ((length === secret.length || length > 3) && left.includes(start))
        return left.replaceAll(start, stars)
    }
    return left
  }, text)
}

/** Of an error and what it holds; of a list or object its members. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(textsOf)
  return value instanceof Error ? [value.message, ...textsOf(value.cause), ...inside] : inside
}

function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((each: unknown) => cleaned(each, clean))
  if (!(value instanceof Error)) return isPlain(value) ? cleanedMembers(value, clean) : value
  const copy =
    value instanceof AludelError
      ? new AludelError(value.code, clean(value.message), { cause: cleaned(value.cause, clean) })
      : new Error(
          clean(value.message),
          value.cause === undefined ? {} : { cause: cleaned(value.cause, clean) },
        )
  Object.defineProperty(copy, 'stack', {
    value: clean(value.stack ?? ''),
    configurable: true,
    writable: true,
  })
  return Object.assign(copy, cleanedMembers(Object.fromEntries(Object.entries(value)), clean))
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function cleanedMembers(members: Readonly<Record<string, unknown>>, clean: (text: string) => string): object {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, cleaned(value, clean)]))
}
