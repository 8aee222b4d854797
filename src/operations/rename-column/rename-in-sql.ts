/** Names of columns inside SQL texts that a schema keeps: conditions, expressions. */

/** A string, a quoted name, a cast with its type, a bare word with what makes it a function, whichever comes next. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|::\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)|([\p{L}_][\p{L}\p{N}_$]*)(\s*\()?/gu

/** The text with a column's new name, quoted as the old one was; bare where it can be everywhere. */
export function renameInSql(sql: string, from: string, to: string): string {
  return sql.replace(token, (found: string, bare: string | undefined, call: string | undefined) => {
    if (bare !== undefined) {
      const isName = call === undefined && bare.toLowerCase() === from.toLowerCase() && isWord(from)
      return isName ? (isPlain(to) ? to : `"${to.replaceAll('"', '""')}"`) : found
    }
    const quotes = { '"': ['"', '"'], '`': ['`', '`'], '[': ['[', ']'] }[found[0] ?? '']
    const [open = '', close = ''] = quotes ?? []
    if (!quotes || unquoted(found, close) !== from) return found
    return open === '"' && isPlain(to) && !isPlain(from)
      ? to
      : `${open}${to.replaceAll(close, close + close)}${close}`
  })
}

function unquoted(text: string, close: string): string {
  return text.slice(1, -1).replaceAll(close + close, close)
}

function isWord(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name)
}

/** Without quotes PostgreSQL takes capitals for small letters, and some words for its own. */
export function isPlain(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name)
}

/**
 * The words that PostgreSQL quotes as names: all that are not "non-reserved" without a restriction.
 * @see https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
const keywords: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
   character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role
   current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists
   extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int
   integer intersect interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural
   nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position
   precision primary real references returning right row select session_user setof similar smallint some substring symmetric
   system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic
   verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
   xmlserialize xmltable`.split(/\s+/),
)
