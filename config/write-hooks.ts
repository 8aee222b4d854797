/** Commands that are run on new files. */
import type { Config, RunHook } from '../src/config.ts'
import { type Place, report, seconds, section, text } from './place.ts'

const keys = ['run', 'timeout'] as const

export function writeHooksOf(place: Place): readonly RunHook[] {
  if (place.value === undefined) return []
  const list: readonly unknown[] = Array.isArray(place.value) ? place.value : [place.value]
  return list.flatMap((value, at) => {
    const one = { ...place, key: Array.isArray(place.value) ? `${place.key}[${at}]` : place.key, value }
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null))
      return report(one, 'a command, or { run, timeout }') ?? []
    if (typeof value === 'string') return hook(one, 60)
    const inside = section(`${one.key}.`, keys, one)
    const timeout = seconds(inside('timeout')) ?? 60
    if (inside('run').value !== undefined) return hook(inside('run'), timeout)
    place.faults.push({ key: `${one.key}.run`, message: 'must be a command, is missing' })
    return []
  })
}

function hook(place: Place, timeout: number): readonly RunHook[] {
  const command = text(place)
  if (command === undefined) return []
  const words = wordsOf(command)
  const fault = (message: string): readonly [] => {
    place.faults.push({ key: place.key, message })
    return []
  }
  if (words === undefined) return fault('has a quote that is not closed')
  if (words.length === 0) return fault('has an empty string')
  const sign = /[|&;<>`$]/.exec(command)?.[0]
  if (sign !== undefined)
    return fault(`is run without a shell: ${sign} has no meaning there; put it into a script`)
  return [{ words, timeout: timeout * 1000 }]
}

/** As a shell parts them, with `'…'` and `"…"`, and nothing else that a shell does. */
function wordsOf(command: string): readonly string[] | undefined {
  const parts = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/g) ?? []
  if (parts.some((part) => /^["']$/.test(part))) return undefined
  return parts.map((part) =>
    part.replace(/"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string) => a ?? b ?? ''),
  )
}

/** Types alone: a plain configuration has no function. */
export function processRevisionOf(place: Place): Config['processRevision'] {
  return place.value === undefined || isFunction(place.value)
    ? place.value
    : report(place, 'a function, in a configuration that is TypeScript or JavaScript')
}

function isFunction(value: unknown): value is NonNullable<Config['processRevision']> {
  return typeof value === 'function'
}
