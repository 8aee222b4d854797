import { expect, test } from 'vitest'
import { paint } from '../../scripts/support/paint.ts'
import { cellsOf } from '../../scripts/support/text-width.ts'

test.each([
  ['', 0],
  ['Add address', 11],
  ['Größe', 5],
  ['顧客の住所', 10],
  ['ｱﾄﾞﾚｽ', 5],
  ['ＡＢ', 4],
  ['한글', 4],
  ['한글'.normalize('NFD'), 4],
  ['e\u0301a\u0308', 2],
  ['ที่อยู่', 3],
  ['🎉', 2],
  ['❤', 1],
  ['❤️', 2],
  ['1️⃣', 2],
  ['a\u200Bb\u00ADc', 4],
  // A terminal that knows no joiner shows two.
  ['👩‍🔧', 4],
])('%j takes %d cells', (text, cells) => {
  expect(cellsOf(text)).toBe(cells)
})

const drawn = (text: string, columns: number): string =>
  paint([{ text: '| ' }, { text: 'a1' }, { text: `, ${text}` }], { columns, color: false })

test.each([
  [15, 'Add address', '| a1, Add addr…'],
  [17, 'Add address', '| a1, Add address'],
  [10, '顧客の住所', '| a1, 顧…'],
  [11, '顧客の住所', '| a1, 顧客…'],
  [16, '顧客の住所', '| a1, 顧客の住所'],
  [9, 'e\u0301e\u0301e\u0301e\u0301', '| a1, e\u0301e\u0301…'],
  [10, 'x👩‍🔧👩‍🔧', '| a1, x…'],
  [12, 'x👩‍🔧👩‍🔧', '| a1, x👩‍🔧…'],
  [10, 'x🇩🇪🇫🇷', '| a1, x…'],
  [5, 'Add', '| a1…'],
  [3, 'Add', '| …'],
  [1, 'Add', '…'],
])('a line of %d cells keeps its characters whole: %s', (columns, text, expected) => {
  const line = drawn(text, columns)
  expect(line).toBe(expected)
  expect(cellsOf(line)).toBeLessThanOrEqual(columns)
})

test('what is coloured is cut the same, and no style is left open', () => {
  const line = [
    { text: '*', style: 'red' },
    { text: ' a1', style: ['bold', 'green'] },
    { text: ' plain' },
  ] as const
  expect(paint(line, { columns: 10, color: true })).toBe(
    '\u001b[31m*\u001b[39m\u001b[1m\u001b[32m a1\u001b[39m\u001b[22m plain',
  )
  expect(paint(line, { columns: 3, color: true })).toBe(
    '\u001b[31m*\u001b[39m\u001b[1m\u001b[32m \u001b[39m\u001b[22m…',
  )
  expect(paint(line, { columns: 3, color: false })).toBe('* …')
})

test('a message of a million characters is cut at once', () => {
  expect(drawn('顧客'.repeat(500_000), 12)).toBe('| a1, 顧客…')
})
