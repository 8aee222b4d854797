/** One value of a configuration: read as what it must be, or noted as a fault. */
import { type Environment, expand } from './environment.ts'
import { nearest } from './nearest.ts'

export interface Fault {
  /** As in `ledger.schema`; empty for the whole. */
  readonly key: string
  readonly message: string
}

/** One value and where its faults go. Undefined is no fault: every key is optional. */
export interface Place {
  readonly key: string
  readonly value: unknown
  readonly env: Environment
  readonly faults: Fault[]
}

export function report({ faults, key, value }: Place, wanted: string): undefined {
  faults.push({ key, message: `must be ${wanted}, is ${kindOf(value)}` })
}

/** Gives the place of each key, and reports the keys that do not exist. */
export function section<K extends string>(
  prefix: string,
  known: readonly K[],
  place: Place,
): (key: K) => Place {
  const values: Readonly<Record<string, unknown>> = isPlainObject(place.value) ? place.value : {}
  if (place.value !== undefined && !isPlainObject(place.value)) report(place, 'an object')
  for (const key of Object.keys(values)) {
    if (known.some((each) => each === key)) continue
    const meant = nearest(key, known)
    const message = meant
      ? `is unknown; did you mean ${prefix}${meant}?`
      : `is unknown (there are ${known.join(', ')})`
    place.faults.push({ key: `${prefix}${key}`, message })
  }
  return (key) => ({ ...place, key: `${prefix}${key}`, value: values[key] })
}

export function text(place: Place): string | undefined {
  if (place.value === undefined) return undefined
  if (typeof place.value !== 'string') return report(place, 'a string')
  const { text: expanded, missing } = expand(place.value, place.env)
  for (const name of missing) {
    place.faults.push({
      key: place.key,
      message: `needs the variable ${name}, which is not set (\${${name}:-…} gives a default)`,
    })
  }
  return expanded
}

export function texts(place: Place): readonly string[] | undefined {
  if (place.value === undefined) return undefined
  const list: readonly unknown[] = Array.isArray(place.value) ? place.value : [place.value]
  if (list.some((each) => typeof each !== 'string')) return report(place, 'a string or a list of strings')
  const found = list.flatMap((value) => text({ ...place, value }) ?? [])
  if (found.some((each) => each.trim() === '')) {
    place.faults.push({ key: place.key, message: 'has an empty string' })
  }
  return found
}

/** A number, or a text that is one once its variables are replaced. */
export function seconds(place: Place): number | undefined {
  if (place.value === undefined) return undefined
  const value = typeof place.value === 'string' ? text(place) : place.value
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0
    ? number
    : report(place, 'a number of seconds')
}

export function identifier(place: Place): string | undefined {
  const name = text(place)
  if (name === undefined || /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name
  place.faults.push({
    key: place.key,
    message: 'must be a name of letters, digits and _, at most 63, no digit first',
  })
  return undefined
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
