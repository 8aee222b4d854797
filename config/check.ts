/** Checks what a configuration holds, all of it at once. */
import type { Config, NewFiles, RunHook } from '../src/config.ts'
import type { Dialect } from '../src/dialect.ts'
import { AludelError } from '../src/errors.ts'
import type { Filter } from '../src/schema/filter.ts'
import { dialectLacks, isDialect } from './dialect-shape.ts'
import { type Environment, expand } from './environment.ts'
import { filterOf } from './filter.ts'
import { newFiles } from './new-files.ts'
import { type Fault, type Place, identifier, report, seconds, section, text, texts } from './place.ts'
import { processRevisionOf, writeHooksOf } from './write-hooks.ts'

/** A configuration whose values have the right types, its variables replaced. */
export interface CheckedConfig extends Pick<
  Config,
  | 'dialect'
  | 'scratchUrl'
  | 'ledger'
  | 'lockWait'
  | 'lockTimeout'
  | 'statementTimeout'
  | 'connectTimeout'
  | 'processRevision'
> {
  readonly migrations: readonly string[]
  readonly entities: readonly string[]
  readonly owns: 'everything' | readonly string[]
  readonly newFiles: NewFiles
  readonly filter: Filter
  readonly writeHooks: readonly RunHook[]
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
  const processRevision = processRevisionOf(top('processRevision'))
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
    newFiles: newFiles(top),
    filter: filterOf(top),
    writeHooks: writeHooksOf(top('writeHooks')),
    ...(processRevision && { processRevision }),
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
  'fileTemplate',
  'slugLength',
  'timezone',
  'schemas',
  'tables',
  'presets',
  'include',
  'processRevision',
  'writeHooks',
]
const ledgerKeys = ['schema', 'revisionTable', 'journalTable'] as const

function urlOf(place: Place): ReturnType<typeof expand> | undefined {
  if (place.value === undefined) return undefined
  return typeof place.value === 'string' ? expand(place.value, place.env) : report(place, 'a string')
}

function ownsOf(place: Place): CheckedConfig['owns'] | undefined {
  if (place.value === 'everything') return place.value
  if (place.value === undefined || Array.isArray(place.value)) return texts(place)
  return report(place, "'everything' or a list of tables")
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
  const list =
    lines.length === 1
      ? ` ${only}${only?.endsWith('?') ? '' : '.'}`
      : `\n${lines.map((line) => `  - ${line}`).join('\n')}`
  return new AludelError('CONFIG_INVALID', `The configuration ${file} is not valid:${list}`, {
    fix: `Correct ${file}.`,
    details: { file, faults },
  })
}
