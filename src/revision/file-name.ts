/** Names of revision files. */
import type { NewFiles } from '../config.ts'
import { clock } from './clock.ts'

export interface FileNameOptions {
  readonly revision: string
  readonly message: string
  readonly createdAt: Date
  /** With its dot. */
  readonly extension: string
}

/**
 * The slug is the message's letters, marks and digits of any script, in lower case, cut at the end of a word. Where it is empty, as of a
 * message of signs alone, what joins it to the rest goes too.
 */
export function fileName(
  { revision, message, createdAt, extension }: FileNameOptions,
  { template, slugLength, timezone }: NewFiles,
): string {
  const slug = slugOf(message, slugLength)
  const values = { ...clock(createdAt, timezone), revision, slug }
  const name = template.map((part) => (typeof part === 'string' ? part : values[part.part]))
  const at = slug === '' ? template.findIndex((part) => typeof part === 'object' && part.part === 'slug') : -1
  const joint = at === 0 ? 1 : at - 1
  if (at >= 0 && typeof template[joint] === 'string')
    name[joint] = name[joint]?.replace(at === 0 ? /^[_+-]+/ : /[_+-]+$/, '') ?? ''
  const whole = name.join('')
  // An id may begin with `_`, a file may not.
  return `${/^_/.test(whole) ? 'r' : ''}${whole}${extension}`
}

function slugOf(message: string, bytes: number): string {
  const words =
    message
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return cut(words.join('_'), bytes)
}

/** At the end of a word, or in the middle of the only one. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let kept = ''
  let size = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    size += Buffer.byteLength(segment)
    if (size > bytes) break
    kept += segment
  }
  const isWhole = text[kept.length] === '_'
  const words = isWhole ? kept : kept.replace(/_[^_]*$/, '')
  return words.replace(/_+$/, '')
}

/** Whether a file is taken for a revision: `.ts`, `.mts`, `.js`, `.mjs`; not names that begin with `.` or `_`, nor `.d.ts`. */
export function isRevisionName(name: string): boolean {
  return /^(?![._]).*\.m?[jt]s$(?<!\.d\.m?ts)/s.test(name)
}
