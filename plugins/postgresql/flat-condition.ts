/** Conditions that mean the same, in one text. */

/** A string, a quoted name, a bracket, or what is none of them. */
const piece = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^'"()]+/g

/**
 * Takes off the brackets around what is joined by the same word: `((a AND b) AND c)`. The server writes `between` in such, and takes
 * them off itself when it reads its own text, as from a dump.
 * @param sql as the server writes it: whatever is joined stands in brackets
 */
export function flatCondition(sql: string): string {
  const pieces = sql.match(piece) ?? []
  const groups: string[][] = [[]]
  for (const each of pieces) {
    if (each === '(') groups.push([])
    else if (each === ')' && groups.length > 1) {
      const inner = groups.pop() ?? []
      groups.at(-1)?.push(`(${joined(inner)})`)
    } else groups.at(-1)?.push(each)
  }
  return joined(groups.pop() ?? [])
}

/** @param parts brackets with all that is in them are one */
function joined(parts: readonly string[]): string {
  const word = ['AND', 'OR'].find((each) => parts.includes(` ${each} `))
  if (word === undefined) return parts.join('')
  const isList = parts.every((part, at) => (at % 2 === 1 ? part === ` ${word} ` : part.startsWith('(')))
  return isList
    ? parts.map((part) => (listOf(part, word) ? part.slice(1, -1) : part)).join('')
    : parts.join('')
}

/** Tells whether brackets hold what is joined by the word. */
function listOf(part: string, word: string): boolean {
  let depth = 0
  for (const each of part.match(piece) ?? []) {
    if (each === '(') depth++
    else if (each === ')') depth--
    else if (depth === 1 && each === ` ${word} `) return true
  }
  return false
}
