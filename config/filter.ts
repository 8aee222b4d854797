/** What of database and entities is compared. */
import type { Config } from '../src/config.ts'
import type { Filter } from '../src/schema/filter.ts'
import { type PresetName, presets } from '../src/schema/presets.ts'
import { nearest } from './nearest.ts'
import { type Place, report, texts } from './place.ts'

export function filterOf(at: (key: 'schemas' | 'tables' | 'presets' | 'include') => Place): Filter {
  const schemas = texts(at('schemas'))
  const include = includeOf(at('include'))
  return {
    tables: texts(at('tables')) ?? [],
    presets: presetsOf(at('presets')),
    ...(schemas && { schemas }),
    ...(include && { include }),
  }
}

function presetsOf(place: Place): readonly PresetName[] {
  const known = Object.keys(presets).filter(isPreset)
  return (texts(place) ?? []).flatMap((name) => {
    if (isPreset(name)) return [name]
    const meant = nearest(name, known)
    place.faults.push({
      key: place.key,
      message: `has no preset ${name}; ${meant ? `did you mean ${meant}?` : `there are ${known.join(', ')}`}`,
    })
    return []
  })
}

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name)
}

function includeOf(place: Place): Config['include'] {
  return place.value === undefined || isFunction(place.value)
    ? place.value
    : report(place, 'a function, in a configuration that is TypeScript or JavaScript')
}

function isFunction(value: unknown): value is NonNullable<Config['include']> {
  return typeof value === 'function'
}
