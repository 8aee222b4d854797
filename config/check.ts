/** Checks what a configuration holds, all of it at once. */
import type { Config } from '../src/config.ts'
import type { Dialect } from '../src/dialect.ts'
import { AludelError } from '../src/errors.ts'
import { dialectLacks, isDialect } from './dialect-shape.ts'
import { type Environment, expand } from './environment.ts'
import { nearest } from './nearest.ts'

/** A configuration whose values have the right types, its variables replaced. */
export interface CheckedConfig extends Pick<
  Config,
  'dialect' | 'scratchUrl' | 'ledger' | 'lockWait' | 'lockTimeout' | 'statementTimeout' | 'connectTimeout'
> {
  readonly migrations: readonly string[]
  readonly entities: readonly string[]
  readonly owns: 'everything' | readonly string[]
  readonly url?: string
  /** Variables that `url` names and nobody set: a fault only where that URL is used. */
  readonly urlMissing: readonly string[]
}

export interface CheckOptions {
  /** For the message. */
  readonly file: string
  readonly env: Environment
}

/** @throws {AludelError} CONFIG_INVALID with every fault; values are never shown, as any may hold a password */
export function checkConfig(value: unknown, { file, env }: CheckOptions): CheckedConfig {
  const faults: Fault[] = []
  const top = section('', keys, { key: '', value, env, faults })
  const url = urlOf(top('url'))
  const [dialect, ledger] = [dialectOf(top('dialect')), ledgerOf(top('ledger'))]
  const scratchUrl = text(top('scratchUrl'))
  const [lockWait, lockTimeout, statementTimeout, connectTimeout] = [
    seconds(top('lockWait')),
    seconds(top('lockTimeout')),
    seconds(top('statementTimeout')),
    seconds(top('connectTimeout')),
  ]
  const config: CheckedConfig = {
    migrations: texts(top('migrations')) ?? ['migrations'],
    entities: texts(top('entities')) ?? [],
    owns: ownsOf(top('owns')) ?? [],
    urlMissing: url?.missing ?? [],
    ...(url && (url.text !== '' || url.missing.length > 0) && { url: url.text }),
    ...(dialect !== undefined && { dialect }),
    ...(ledger && { ledger }),
    ...(scratchUrl && { scratchUrl }),
    ...(lockWait !== undefined && { lockWait }),
    ...(lockTimeout !== undefined && { lockTimeout }),
    ...(statementTimeout !== undefined && { statementTimeout }),
    ...(connectTimeout !== undefined && { connectTimeout }),
  }
  if (faults.length > 0) throw invalid(file, faults)
  return config
}

const keys: readonly (keyof Config)[] = [
  'migrations',
  'url',
  'dialect',
  'entities',
  'scratchUrl',
  'ledger',
  'lockWait',
  'lockTimeout',
  'statementTimeout',
  'connectTimeout',
  'owns',
]
const ledgerKeys = ['schema', 'revisionTable', 'journalTable'] as const

interface Fault {
  /** As in `ledger.schema`; empty for the whole. */
  readonly key: string
  readonly message: string
}

/** One value and where its faults go. Undefined is no fault: every key is optional. */
interface Place {
  readonly key: string
  readonly value: unknown
  readonly env: Environment
  readonly faults: Fault[]
}

function report({ faults, key, value }: Place, wanted: string): undefined {
  faults.push({ key, message: `must be ${wanted}, is ${kindOf(value)}` })
}

/** Gives the place of each key, and reports the keys that do not exist. */
function section<K extends string>(prefix: string, known: readonly K[], place: Place): (key: K) => Place {
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

function text(place: Place): string | undefined {
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

function urlOf(place: Place): ReturnType<typeof expand> | undefined {
  if (place.value === undefined) return undefined
  return typeof place.value === 'string' ? expand(place.value, place.env) : report(place, 'a string')
}

function texts(place: Place): readonly string[] | undefined {
  if (place.value === undefined) return undefined
  const list: readonly unknown[] = Array.isArray(place.value) ? place.value : [place.value]
  if (list.some((each) => typeof each !== 'string')) return report(place, 'a string or a list of strings')
  const found = list.flatMap((value) => text({ ...place, value }) ?? [])
  if (found.some((each) => each.trim() === '')) {
    place.faults.push({ key: place.key, message: 'has an empty string' })
  }
  return found
}

function ownsOf(place: Place): CheckedConfig['owns'] | undefined {
  if (place.value === 'everything') return place.value
  if (place.value === undefined || Array.isArray(place.value)) return texts(place)
  return report(place, "'everything' or a list of tables")
}

/** A number, or a text that is one once its variables are replaced. */
function seconds(place: Place): number | undefined {
  if (place.value === undefined) return undefined
  const value = typeof place.value === 'string' ? text(place) : place.value
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0
    ? number
    : report(place, 'a number of seconds')
}

function ledgerOf(place: Place): Config['ledger'] {
  const at = section('ledger.', ledgerKeys, place)
  const [schema, revisionTable, journalTable] = ledgerKeys.map((key) => identifier(at(key)))
  // Some databases do not tell `a` from `A`.
  if (revisionTable !== undefined && revisionTable.toLowerCase() === journalTable?.toLowerCase()) {
    place.faults.push({ key: 'ledger.journalTable', message: 'must differ from ledger.revisionTable' })
  }
  return {
    ...(schema !== undefined && { schema }),
    ...(revisionTable !== undefined && { revisionTable }),
    ...(journalTable !== undefined && { journalTable }),
  }
}

function identifier(place: Place): string | undefined {
  const name = text(place)
  if (name === undefined || /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name
  place.faults.push({
    key: place.key,
    message: 'must be a name of letters, digits and _, at most 63, no digit first',
  })
  return undefined
}

function dialectOf(place: Place): string | Dialect | undefined {
  if (typeof place.value !== 'object' || place.value === null) return text(place)
  if (isDialect(place.value)) return place.value
  place.faults.push({
    key: place.key,
    message: `is not a dialect: it lacks ${dialectLacks(place.value).join(', ')}`,
  })
  return undefined
}

function invalid(file: string, faults: readonly Fault[]): AludelError {
  const lines = faults.map(({ key, message }) => (key === '' ? `it ${message}` : `${key} ${message}`))
  const [only] = lines
  const list = lines.length === 1 ? ` ${only}.` : `\n${lines.map((line) => `  - ${line}`).join('\n')}`
  return new AludelError('CONFIG_INVALID', `The configuration ${file} is not valid:${list}`, {
    fix: `Correct ${file}.`,
    details: { file, faults },
  })
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
