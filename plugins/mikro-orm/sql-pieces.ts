/** SQL cut into pieces, so that what stands in strings and comments is left alone. Joined again they are the same text. */
import { isPlain } from '../../src/operations/rename-column/rename-in-sql.ts'

export interface Piece {
  /** `space`: white space and comments. `quoted`: a name in quotes, on MySQL perhaps a string. */
  readonly kind: 'space' | 'string' | 'quoted' | 'word' | 'symbol'
  readonly text: string
}

const kinds = ['space', 'string', 'quoted', 'word', 'symbol'] as const

const comment = String.raw`--[^\n]*|\/\*(?:[^*/]|\*(?!\/)|\/(?!\*)|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:\*\/|$)`
const names = '"(?:[^"]|"")*"|`(?:[^`]|``)*`'
const words = String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*)|(?<symbol>[^])`

/** A tag between dollars is a string of PostgreSQL; `E'\''` too. */
const standard = new RegExp(
  String.raw`(?<space>\s+|${comment})|(?<string>\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[^]*?\$\k<tag>\$|[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*')|(?<quoted>${names})|${words}`,
  'gu',
)
const escaped = new RegExp(
  String.raw`(?<space>\s+|#[^\n]*|${comment})|(?<string>'(?:[^'\\]|\\[^]|'')*')|(?<quoted>${names})|${words}`,
  'gu',
)

/** @param backslashEscapes MySQL, MariaDB: a backslash means something in a string, and `#` begins a comment */
export function pieces(sql: string, backslashEscapes = false): readonly Piece[] {
  return [...sql.matchAll(backslashEscapes ? escaped : standard)].flatMap(({ 0: text, groups = {} }) => {
    const kind = kinds.find((each) => groups[each] !== undefined)
    return kind ? [{ kind, text }] : []
  })
}

/** Tells whether two texts differ in nothing but white space and comments. */
export function isSameSql(one: string, other: string, backslashEscapes: boolean): boolean {
  const meant = (sql: string): string =>
    JSON.stringify(
      pieces(sql, backslashEscapes).flatMap(({ kind, text }) => (kind === 'space' ? [] : [text])),
    )
  return meant(one) === meant(other)
}

/** Without the semicolons, white space and comments at its end. */
export function withoutEnd(sql: string, backslashEscapes: boolean): string {
  const all = pieces(sql, backslashEscapes)
  const last = all.findLastIndex(({ kind, text }) => kind !== 'space' && text !== ';')
  return all
    .slice(0, last + 1)
    .map(({ text }) => text)
    .join('')
    .trim()
}

/** What a name means: without quotes PostgreSQL takes capitals for small letters. */
export function nameIn({ kind, text }: Piece): string | undefined {
  if (kind === 'word') return text.toLowerCase()
  return kind === 'quoted'
    ? text.slice(1, -1).replaceAll(text.slice(-1).repeat(2), text.slice(-1))
    : undefined
}

/**
 * Gives names that are written with a schema another one: `billing.invoices`, `"Billing"."Invoices"`.
 * @param to the new schema, empty for none; undefined: as it is
 */
export function mapSchemas(sql: string, to: (schema: string, name: string) => string | undefined): string {
  const all = pieces(sql)
  const meant = all.filter(({ kind }) => kind !== 'space')
  const written = new Map<Piece, string>()
  meant.forEach((piece, at) => {
    const [before, dot, object] = [meant[at - 1], meant[at + 1], meant[at + 2]]
    const [schema, name] = [nameIn(piece), object && nameIn(object)]
    if (schema === undefined || name === undefined || dot?.text !== '.' || before?.text === '.') return
    const other = to(schema, name)
    if (other === undefined) return
    written.set(piece, other === '' ? '' : quotedLike(piece, other))
    if (other === '') written.set(dot, '')
  })
  return all.map((piece) => written.get(piece) ?? piece.text).join('')
}

function quotedLike({ kind }: Piece, name: string): string {
  return kind === 'word' && isPlain(name) ? name : quoted(name)
}

/** A name as PostgreSQL writes it. */
export function quoteName(name: string): string {
  return isPlain(name) ? name : quoted(name)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
