/** The sequence that a serial or identity column owns. */
import { splitName } from '../../src/schema/name.ts'
import { dollarQuoted } from './dollar-quoted.ts'
import { literal, quote } from './literal.ts'
import { quoteBeside, quoteColumn, quoteName } from './quote-name.ts'
import { serialType } from './types.ts'

/** Makes a column count by itself as `serial` would, from one past its greatest value. */
export function addSequence(table: string, column: string, type: string | undefined): readonly string[] {
  const sequence = quoteBeside(table, sequenceName(splitName(table).name, column))
  const isInteger = type !== undefined && serialType(type) !== undefined
  return [
    `create sequence ${sequence}${isInteger ? ` as ${type}` : ''} owned by ${quoteColumn(table, column)}`,
    `alter table ${quoteName(table)} alter column ${quote(column)} set default nextval(${literal(sequence)})`,
    startSequence(table, column),
  ]
}

/** @param options what it does otherwise: `start with 100 increment by 5` */
export function startSequence(table: string, column: string, options = ''): string {
  const sequence = `pg_get_serial_sequence(${literal(quoteName(table))}, ${literal(column)})`
  const { increment, start } = optionsOf(options)
  const next = increment.startsWith('-')
    ? `least(min(${quote(column)}) - 1, ${start})`
    : start === '1'
      ? `coalesce(max(${quote(column)}), 0) + 1`
      : `greatest(max(${quote(column)}) + 1, ${start})`
  return `select setval(${sequence}, ${next}, false) from ${quoteName(table)}`
}

/** All options of a sequence, so that one that is left out is as by default again. */
export function everyOption(options: string): readonly string[] {
  const { increment, least, greatest, start, cache, cycle } = optionsOf(options)
  return [
    `increment by ${increment}`,
    least === undefined ? 'no minvalue' : `minvalue ${least}`,
    greatest === undefined ? 'no maxvalue' : `maxvalue ${greatest}`,
    `start with ${start}`,
    `cache ${cache}`,
    cycle ? 'cycle' : 'no cycle',
  ]
}

/** What makes a serial column's sequence do as its `extra` says, and nothing else. */
export function setSequence(table: string, column: string, extra: string): string {
  const type = /^as \w+/.exec(extra)?.[0]
  return alterSequence(table, column, [...(type ? [type] : []), ...everyOption(extra)].join(' '))
}

function optionsOf(options: string) {
  const number = (words: string): string | undefined =>
    new RegExp(`\\b${words}\\s+(-?\\d+)`, 'i').exec(options)?.[1]
  const increment = number('increment(?:\\s+by)?') ?? '1'
  const [least, greatest] = [number('minvalue'), number('maxvalue')]
  const start =
    number('start(?:\\s+with)?') ?? (increment.startsWith('-') ? (greatest ?? '-1') : (least ?? '1'))
  const cycle = /\bcycle\b/i.test(options) && !/\bno\s+cycle\b/i.test(options)
  return { increment, least, greatest, start, cache: number('cache') ?? '1', cycle }
}

/** The server is asked for its name when it runs: it is that of the column's first name. */
export function dropSequence(table: string, column: string): string {
  return onSequence(table, column, "'drop sequence ' || owned")
}

/** @param options `as bigint`: a serial column's sequence keeps its own type, and would end at the old one's greatest value */
export function alterSequence(table: string, column: string, options: string): string {
  return onSequence(table, column, `'alter sequence ' || owned || ${literal(` ${options}`)}`)
}

function onSequence(table: string, column: string, command: string): string {
  const owned = `pg_get_serial_sequence(${literal(quoteName(table))}, ${literal(column)})`
  const body = `declare owned text := ${owned}; begin if owned is not null then execute ${command}; end if; end`
  return `do ${dollarQuoted(body, 'aludel')}`
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
