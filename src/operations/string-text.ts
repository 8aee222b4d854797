/** A string literal, in the quotes that need fewer escapes; it reads back as exactly this text. */
export function stringText(text: string): string {
  const quote = text.split("'").length > text.split('"').length ? '"' : "'"
  let written = ''
  for (const character of text)
    written += character === quote ? `\\${quote}` : (escapes[character] ?? plain(character))
  return `${quote}${written}${quote}`
}

/**
 * A text of several lines as a template literal; it reads back as exactly this text. A space at the end of a line is written as a code:
 * neither editors nor checksums take notice of it.
 */
export function templateText(text: string): string {
  const lines = text.split('\n').map((line) => {
    let written = ''
    for (const character of line)
      written += character === '`' ? '\\`' : (escapes[character] ?? plain(character))
    return written.replaceAll('${', '\\${').replace(/ $/, '\\u0020')
  })
  return `\`${lines.join('\n')}\``
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Control characters, line separators, direction marks and lone surrogates are written as codes: they cannot hide. */
function plain(character: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u.test(character)
    ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    : character
}
