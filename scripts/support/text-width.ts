/** How many cells of a terminal a text takes; in doubt too many, as a terminal may not know how to put code points into one. */

/** @param text without control characters */
export function cellsOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : measure(text, Infinity).cells
}

/** As much of a text as fits into so many cells; what is read as one character stays whole. */
export function beginning(text: string, cells: number): string {
  const { end } = measure(text, cells)
  return text.slice(0, new Intl.Segmenter().segment(text).containing(end)?.index)
}

/** Where the first code point begins that does not fit, and the cells of those before it. */
function measure(text: string, most: number): { readonly end: number; readonly cells: number } {
  let [end, cells, last] = [0, 0, 0]
  for (const point of text) {
    // It asks for the coloured face of a character that has two: 2 cells.
    const width = point === '\uFE0F' ? last % 2 : nothing.test(point) ? 0 : wide.test(point) ? 2 : 1
    if (cells + width > most) break
    end += point.length
    cells += width
    last = width
  }
  return { end, cells }
}

/** Marks on another character, what joins or only directs, vowels and ends of a Hangul syllable. */
const nothing = /^(?![\u00AD\u115F\u3164\uFFA0])[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}\u1160-\u11FF]$/u

/** East Asian Width W and F of Unicode 17, in a few ranges; emoji. */
const wide =
  /^[\u1100-\u115F\u2329\u232A\u2630-\u2637\u268A-\u268F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1D300}-\u{1D376}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}\p{Emoji_Presentation}]$/u
