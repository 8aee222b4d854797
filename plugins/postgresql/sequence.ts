/** The sequence that a serial or identity column owns. */
import { literal, quote } from './literal.ts'
import { serialType } from './types.ts'

/** Makes a column count by itself as `serial` would, from one past its greatest value. */
export function addSequence(table: string, column: string, type: string | undefined): readonly string[] {
  const sequence = quote(sequenceName(table, column))
  const isInteger = type !== undefined && serialType(type) !== undefined
  return [
    `create sequence ${sequence}${isInteger ? ` as ${type}` : ''} owned by ${quote(table, column)}`,
    `alter table ${quote(table)} alter column ${quote(column)} set default nextval(${literal(sequence)})`,
    startSequence(table, column),
  ]
}

export function startSequence(table: string, column: string): string {
  const sequence = `pg_get_serial_sequence(${literal(quote(table))}, ${literal(column)})`
  return `select setval(${sequence}, coalesce(max(${quote(column)}), 0) + 1, false) from ${quote(table)}`
}

/** The server is asked for its name when it runs: it is that of the column's first name. */
export function dropSequence(table: string, column: string): string {
  return onSequence(table, column, "'drop sequence ' || owned")
}

/** A serial column's sequence keeps its own type, and would end at the old one's greatest value. */
export function alterSequence(table: string, column: string, type: string): string {
  return onSequence(table, column, `'alter sequence ' || owned || ${literal(` as ${type}`)}`)
}

function onSequence(table: string, column: string, command: string): string {
  const owned = `pg_get_serial_sequence(${literal(quote(table))}, ${literal(column)})`
  const body = `declare owned text := ${owned}; begin if owned is not null then execute ${command}; end if; end`
  return `do ${literal(body)}`
}

const maxBytes = 63

/** As PostgreSQL names it: the longer of the two is cut until all fits. */
function sequenceName(table: string, column: string): string {
  const parts = [table, column]
  const tooLong = (): boolean => Buffer.byteLength(`${parts.join('_')}_seq`) > maxBytes
  while (tooLong()) {
    const longer = Buffer.byteLength(parts[0] ?? '') > Buffer.byteLength(parts[1] ?? '') ? 0 : 1
    parts[longer] = [...(parts[longer] ?? '')].slice(0, -1).join('')
  }
  return `${parts.join('_')}_seq`
}
