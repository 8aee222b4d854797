/** How new revision files are named, and the clock of their dates. */
import { type NewFiles, type TemplatePart, templateParts } from '../src/config.ts'
import { nearest } from './nearest.ts'
import { type Place, report, text } from './place.ts'

/** Bytes that the words of a message may take: with an id and a template of 60 each a file system's 255 suffice. */
const longest = 120

export function newFiles(at: (key: 'fileTemplate' | 'slugLength' | 'timezone') => Place): NewFiles {
  return {
    template: template(at('fileTemplate')) ?? [{ part: 'revision' }, '_', { part: 'slug' }],
    slugLength: slugLength(at('slugLength')) ?? longest,
    timezone: timezone(at('timezone')) ?? 'UTC',
  }
}

function template(place: Place): NewFiles['template'] | undefined {
  const written = text(place)
  if (written === undefined) return undefined
  const fault = (message: string): undefined => void place.faults.push({ key: place.key, message })
  const parts = written
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part): TemplatePart | { readonly unknown: string } => {
      const name = /^\{(.*)\}$/s.exec(part)?.[1]
      if (name === undefined) return part
      const known = templateParts.find((each) => each === name)
      return known ? { part: known } : { unknown: name }
    })
  const unknown = parts.flatMap((part) =>
    typeof part === 'object' && 'unknown' in part ? [part.unknown] : [],
  )
  for (const name of unknown) {
    const meant = nearest(name, templateParts)
    fault(
      `has no part {${name}}; ${meant ? `did you mean {${meant}}?` : `there are ${templateParts.map((each) => `{${each}}`).join(', ')}`}`,
    )
  }
  const literals = parts.filter((part) => typeof part === 'string').join('')
  if (/%\((\w+)\)/.test(literals)) return fault("is written as Alembic's; here it is '{revision}_{slug}'")
  if (/[/\\]/.test(literals))
    return fault('has a path separator; folders are named by `migrations`, and not read below')
  if (!/^[\p{L}\p{M}\p{N}_+-]*$/u.test(literals) || Buffer.byteLength(literals) > 60)
    return fault('may hold letters, digits, _, - and + beside its parts, at most 60')
  if (/^[_-]/.test(written)) return fault('begins with _ or -; such a file would not be read')
  const known = parts.filter((part) => typeof part === 'string' || 'part' in part)
  if (unknown.length === 0 && !isUnique(known))
    return fault('makes the same name twice; it needs {revision}, {epoch}, or all of {year} to {second}')
  return known
}

function isUnique(parts: NewFiles['template']): boolean {
  const has = (...names: readonly (typeof templateParts)[number][]): boolean =>
    names.every((name) => parts.some((part) => typeof part === 'object' && part.part === name))
  return has('revision') || has('epoch') || has('year', 'month', 'day', 'hour', 'minute', 'second')
}

function slugLength(place: Place): number | undefined {
  const { value } = place
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= longest) return value
  if (typeof value !== 'number') return report(place, `a whole number from 1 to ${longest}`)
  place.faults.push({ key: place.key, message: `must be a whole number from 1 to ${longest}` })
  return undefined
}

function timezone(place: Place): string | undefined {
  const name = text(place)
  if (name === undefined) return undefined
  if (name === 'local' || isTimezone(name)) return name
  place.faults.push({
    key: place.key,
    message: "must be 'UTC', 'local', or the name of a time zone as in 'Europe/Paris'",
  })
  return undefined
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
