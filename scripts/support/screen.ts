import { styleText } from 'node:util'
import type { Screen } from './paint.ts'

/**
 * The screen at the end of a stream, as wide as COLUMNS says, else as it says itself, else 80. Undefined when it is none. Coloured
 * as Node decides by NO_COLOR, FORCE_COLOR and TERM.
 */
export function screenOf(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Screen | undefined {
  if (!stream.isTTY) return undefined
  const wanted = /^[1-9]\d{0,4}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : 0
  return {
    // A terminal of which nobody said how wide it is says 0.
    columns: wanted || stream.columns || 80,
    color: styleText('red', 'a', { stream, validateStream: true }) !== 'a',
  }
}
