/** Values as the TypeScript that a person would write, as formatters leave it. */
import { stringText, templateText } from './string-text.ts'

/** Of a line, in columns. */
const width = 110

/** @param indent how far the call will stand in, in spaces */
export function callText(name: string, values: readonly unknown[], indent: number): string {
  const flat = `${name}(${values.map((value) => inline(value)).join(', ')})`
  const last = values.at(-1)
  const rows = typeof last === 'object' && last !== null && Object.values(last).some(isRows)
  if (indent + flat.length <= width && !rows && !flat.includes('\n')) return flat
  const head = values.slice(0, -1).map((value) => inline(value))
  if (typeof last !== 'object' || last === null) {
    // What has lines of its own needs no more of them around it.
    if (values.length === 1 && flat.includes('\n')) return flat
    const inner = ' '.repeat(indent + 2)
    return `${name}(\n${values.map((value) => `${inner}${inline(value)},\n`).join('')}${' '.repeat(indent)})`
  }
  return `${name}(${[...head, broken(last, indent)].join(', ')})`
}

/** A value on as few lines as its width allows. */
function fit(value: unknown, indent: number, taken: number): string {
  const flat = inline(value)
  if (typeof value !== 'object' || value === null) return flat
  return indent + taken + flat.length <= width && !flat.includes('\n') ? flat : broken(value, indent)
}

function broken(value: object, indent: number): string {
  const inner = ' '.repeat(indent + 2)
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${fit(item, indent + 2, 1)},\n`)
    : entries(value).map(([key, item]) => {
        const name = keyText(key)
        const text = isRows(item) ? broken(item, indent + 2) : fit(item, indent + 2, name.length + 3)
        const isLong = indent + name.length + text.length + 5 > width
        const isMoved = typeof item === 'string' && isLong && name.length > 4 && !text.includes('\n')
        return `${inner}${name}:${isMoved ? `\n${inner}  ` : ' '}${text},\n`
      })
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`
}

/** Several objects of several properties are written one a line, as formatters do. */
function isRows(value: unknown): value is readonly object[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((item) => typeof item === 'object' && item !== null && entries(item).length > 1)
  )
}

function inline(value: unknown): string {
  if (typeof value === 'string') return value.includes('\n') ? templateText(value) : stringText(value)
  if (typeof value === 'number') return String(value).replace('e+', 'e')
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = entries(value).map(([key, item]) => `${keyText(key)}: ${inline(item)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function entries(value: object): readonly [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined)
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringText(key)
}
