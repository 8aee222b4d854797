/** Names of columns inside SQL texts that a schema keeps: conditions, expressions. */

/** A string, a quoted name, a cast with its type, a bare word with what makes it a function, whichever comes next. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|::\s*(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)|([\p{L}_][\p{L}\p{N}_$]*)(\s*\()?/gu

/** The text with a column's new name, quoted as the old one was; bare where it can be. */
export function renameInSql(sql: string, from: string, to: string): string {
  return sql.replace(token, (found: string, bare: string | undefined, call: string | undefined) => {
    if (bare !== undefined) {
      const isName = call === undefined && bare.toLowerCase() === from.toLowerCase() && isPlain(from)
      return isName ? (isPlain(to) ? to : `"${to.replaceAll('"', '""')}"`) : found
    }
    const quotes = { '"': ['"', '"'], '`': ['`', '`'], '[': ['[', ']'] }[found[0] ?? '']
    const [open = '', close = ''] = quotes ?? []
    if (!quotes || unquoted(found, close) !== from) return found
    return `${open}${to.replaceAll(close, close + close)}${close}`
  })
}

function unquoted(text: string, close: string): string {
  return text.slice(1, -1).replaceAll(close + close, close)
}

function isPlain(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name)
}
