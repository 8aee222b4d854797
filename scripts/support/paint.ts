/** Lines for the terminal of a person: in parts, each with its style, no wider than the screen. */
import { styleText } from 'node:util'
import { beginning, cellsOf } from './text-width.ts'

export interface Screen {
  /** Cells of a line. */
  readonly columns: number
  readonly color: boolean
}

export type Style = Parameters<typeof styleText>[0]

export interface Part {
  readonly text: string
  readonly style?: Style | undefined
}

export type Line = readonly Part[]

/** What is too wide for the screen is cut, which `…` tells. */
export function paint(line: Line, { columns, color }: Screen): string {
  const isWhole = line.reduce((cells, { text }) => cells + cellsOf(text), 0) <= columns
  return (isWhole ? line : cut(line, columns))
    .map(({ text, style }) =>
      color && style !== undefined && text !== '' ? styleText(style, text, { validateStream: false }) : text,
    )
    .join('')
}

function cut(line: Line, columns: number): Line {
  const parts: Part[] = []
  let left = columns - 1
  for (const part of line) {
    const cells = cellsOf(part.text)
    parts.push(cells <= left ? part : { ...part, text: beginning(part.text, left) })
    left -= cells
    if (left < 0) break
  }
  return [...parts, { text: '…' }]
}
