import type { BulkInsert, Row, RowValue } from './operation.ts'

/** How a dialect writes rows. */
export interface Writing {
  readonly table: string
  readonly quote: (name: string) => string
  readonly literal: (value: Exclude<RowValue, object>) => string
  /** The word for a column's default among values; left out where there is none. */
  readonly default?: 'default'
}

const mostRows = 500
/** A server takes 16 MB at the least, but has to read it as one piece. */
const mostLength = 256 * 1024

/** Statements of several rows each, in the order of the rows. */
export function insertTexts({ rows }: BulkInsert, writing: Writing): readonly string[] {
  const groups = writing.default === undefined ? sameColumns(rows) : [rows]
  return groups.flatMap((group) => {
    const columns = [...new Set(group.flatMap((row) => Object.keys(row)))]
    const head = `insert into ${writing.table} (${columns.map((column) => writing.quote(column)).join(', ')}) values `
    const texts = group.map((row) => rowText(row, columns, writing))
    return pieces(texts, head.length).map((piece) => head + piece.join(', '))
  })
}

function rowText(row: Row, columns: readonly string[], writing: Writing): string {
  const values = columns.map((column) => {
    const value = Object.hasOwn(row, column) ? row[column] : undefined
    if (value === undefined) return writing.default
    return typeof value === 'object' && value !== null ? value.sql : writing.literal(value)
  })
  return `(${values.join(', ')})`
}

/** Neighbours that give the same columns a value; in another order their rows would have other numbers. */
function sameColumns(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = []
  let last: string | undefined
  for (const row of rows) {
    const columns = JSON.stringify(Object.keys(row).toSorted())
    if (columns === last) groups.at(-1)?.push(row)
    else groups.push([row])
    last = columns
  }
  return groups
}

function pieces(texts: readonly string[], head: number): readonly (readonly string[])[] {
  const found: string[][] = []
  let length = Infinity
  for (const text of texts) {
    const piece = found.at(-1)
    if (piece && piece.length < mostRows && length + text.length + 2 <= mostLength) {
      piece.push(text)
      length += text.length + 2
    } else {
      found.push([text])
      length = head + text.length
    }
  }
  return found
}
