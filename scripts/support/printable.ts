/** Texts from files and databases are data: what a terminal obeys is not sent to one. */

/** Control characters, and those that turn the direction in which the rest of a line is read. */
const obeyed = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu

/** Keeps line ends and tabs. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(obeyed, '?')
}

/** On one line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

/** The same document: JSON itself writes only the first 32 characters by their numbers. */
export function printableJson(json: string): string {
  return json.replace(
    /[\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
