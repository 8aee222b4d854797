/** Texts that a database keeps as they were written: what of them means nothing. */

/** White space, a comment or a string, a quoted name, a word, or any other sign. */
const token =
  /(?<space>\s+)|(?<kept>--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*')|"(?<double>(?:[^"]|"")*)"|`(?<tick>(?:[^`]|``)*)`|\[(?<bracket>[^\]]*)\]|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign>[^])/gu

/** The same for texts that differ in white space, in the case of keywords and functions, or in the quotes of names. */
export function plainSql(sql: string): string {
  const tokens = [...sql.matchAll(token)].filter(({ groups }) => groups?.['space'] === undefined)
  return tokens.map((each, at) => plainToken(each, tokens[at + 1]?.[0])).join(' ')
}

function plainToken({ 0: text, groups = {} }: RegExpExecArray, next: string | undefined): string {
  const { word, double, tick, bracket } = groups
  const name = double?.replaceAll('""', '"') ?? tick?.replaceAll('``', '`') ?? bracket
  if (name !== undefined) return isPlain(name) ? name : `"${name.replaceAll('"', '""')}"`
  return word !== undefined && (next === '(' || keywords.has(word.toLowerCase())) ? word.toLowerCase() : text
}

function isPlain(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name)
}

/** Of SQLite, and what stands in triggers beside; the case of names may show in what a query gives. */
const keywords: ReadonlySet<string> = new Set(
  `abort action after all always and any as asc attach autoincrement before begin between by cascade case cast check collate column
   commit conflict constraint create cross current current_date current_time current_timestamp deferrable deferred delete desc
   distinct do drop each else end escape except exclude excluded exists fail false filter first following for foreign from full
   generated glob group groups having if ignore immediate in index inner insert instead intersect into is isnull join key last
   lateral left like limit match materialized natural new no not nothing notnull null nulls of offset old on or order others outer
   over partition preceding primary raise range recursive references regexp replace restrict return returning returns right row rows
   select set table then ties to true trigger unbounded union unique update using values view when where window with without`.split(
    /\s+/,
  ),
)
