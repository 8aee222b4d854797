/** Answers as a person types them: what they name is found in the database. */
import { isDeepStrictEqual } from 'node:util'
import type { AludelError } from '../errors.ts'
import { type Schema, enumNamed, tableNamed } from '../schema/schema.ts'
import {
  type Renamable,
  type Rename,
  type RenameFault,
  applyRename,
  nameBetween,
  newNames,
  oldName,
  renamableText,
  renameFault,
  renamedTo,
  wrongRename,
} from './rename.ts'
import { columnValues } from './column-values.ts'
import { shellWord } from './shell-word.ts'

/** `users.phone:phone_number` */
export interface TypedRename {
  readonly typed: string
}

/**
 * What the answers mean, in an order in which they can be carried out: a name may be one that another answer gives, and may be
 * taken as soon as another frees it. Where they go in a circle, one takes a name in between.
 * @throws {AludelError} USAGE when one names nothing, or several things, or what the entities do not want
 */
export function resolveRenames(
  answers: readonly (Rename | TypedRename)[],
  live: Schema,
  wanted: Schema,
): readonly Rename[] {
  const renames: Rename[] = []
  let schema = live
  let left = answers.map((answer): Answer => ({ answer, typed: typedText(answer) }))
  while (left.length > 0) {
    const readings = left.map((each) =>
      read(each, { schema, wanted, done: renames, others: left.filter((other) => other !== each) }),
    )
    const step = readings.find(({ fault }) => !fault) ?? broken(readings, schema)
    if (!step?.rename) throw firstFault(readings)
    const { rename, rest } = step
    renames.push(rename)
    schema = applyRename(schema, rename)
    left = left.flatMap((each) => (each.typed === step.typed ? (rest ?? []) : [each]))
  }
  return renames
}

interface Answer {
  readonly answer: Rename | TypedRename
  /** As it stands behind `--rename`. */
  readonly typed: string
}

interface Reading extends Answer {
  /** Undefined: it names nothing, or several things. */
  readonly rename?: Rename
  readonly fault?: RenameFault
  /** What is left of the answer when this is done. */
  readonly rest?: readonly Answer[]
}

interface Place {
  readonly schema: Schema
  readonly wanted: Schema
  readonly done: readonly Rename[]
  readonly others: readonly Answer[]
}

function typedText(answer: Rename | TypedRename): string {
  return 'typed' in answer ? answer.typed : `${renamableText(answer)}:${answer.to}`
}

function read(answer: Answer, { schema, wanted, done, others }: Place): Reading {
  const meant = 'typed' in answer.answer ? resolve(answer.typed, schema, done) : answer.answer
  if ('why' in meant) return { ...answer, fault: { ...meant, taken: false } }
  const later = others.flatMap(({ answer: each }) => ('typed' in each ? tableRename(each.typed) : [each]))
  const fault = renameFault(meant, schema, wanted, later)
  return { ...answer, rename: meant, ...(fault && { fault }) }
}

/** One of those that wait for each other, with a name in between. */
function broken(readings: readonly Reading[], schema: Schema): Reading | undefined {
  const waiting = readings.flatMap(({ fault, ...each }) =>
    fault?.taken && each.rename ? [{ ...each, rename: each.rename }] : [],
  )
  const takerOf = (rename: Rename) =>
    waiting.find((each) => isDeepStrictEqual(whatOf(each.rename), renamedTo(rename, rename.to)))?.rename
  const isInCircle = ({ rename }: { readonly rename: Rename }): boolean => {
    let next = takerOf(rename)
    for (let steps = 0; next && next !== rename && steps < waiting.length; steps++) next = takerOf(next)
    return next === rename && oldName(rename) !== rename.to
  }
  const first = waiting.find(isInCircle)
  if (!first) return undefined
  const { rename, typed } = first
  const between = nameBetween(rename, schema)
  const left: Rename = { ...renamedTo(rename, between), to: rename.to }
  return { ...first, rename: { ...rename, to: between }, rest: [{ answer: left, typed }] }
}

function whatOf({ to: _, ...what }: Rename): Renamable {
  return what
}

/** One that is wrong as it stands, before one that waits for another. */
function firstFault(readings: readonly Reading[]): AludelError {
  const wrong = readings.find(({ fault }) => fault?.taken === false) ?? readings[0]
  return wrongRename(wrong?.typed ?? '', wrong?.fault?.why ?? '', wrong?.rename)
}

function tableRename(typed: string): readonly Rename[] {
  const [, table, to] = /^(?:table:)?([^:#]+):([^:]+)$/.exec(typed) ?? []
  return table === undefined || to === undefined ? [] : [{ table, to }]
}

function resolve(typed: string, schema: Schema, done: readonly Rename[]): Rename | { readonly why: string } {
  const [, kind, text = ''] = /^(?:(table|column|index|value):(?=.*:))?(.+)$/s.exec(typed) ?? []
  const splits = splitsOf(text)
  const [first] = splits
  if (first === undefined) return { why: 'it says not what was renamed to what' }
  const among = (mean: (from: string, to: string) => readonly Rename[]): readonly Rename[] =>
    splits
      .flatMap(([from, to]) => mean(from, to))
      .filter((each) => kind === undefined || kindOf(each) === kind)
  const now = among((from, to) => meanings(schema, from, to))
  const found = now.length > 0 ? now : among((from, to) => meaningsBefore(schema, done, from, to))
  const [only, other] = found
  if (only === undefined) return { why: missing(schema, first[0], kind) }
  if (other === undefined) return only
  const ways = found.map((each) => `--rename ${shellWord(`${kindOf(each)}:${typed}`)}`)
  return { why: `it may be ${found.map(kindOf).join(' or ')}; say ${ways.join(', or ')}` }
}

/** Old and new name, at each colon: a name may have one in it. */
function splitsOf(text: string): readonly (readonly [from: string, to: string])[] {
  return [...text.matchAll(/:/g)].flatMap(({ index }) => {
    const [from, to] = [text.slice(0, index), text.slice(index + 1)]
    return from === '' || to === '' ? [] : [[from, to] as const]
  })
}

/** Of a table or a column under the name that it had before other answers. */
function meaningsBefore(
  schema: Schema,
  done: readonly Rename[],
  from: string,
  to: string,
): readonly Rename[] {
  return dotsIn(from).flatMap((dot) => {
    const [old, part] = [from.slice(0, dot), from.slice(dot + 1)]
    const { table, columns } = newNames(done, old)
    const name = to.startsWith(`${old}.`) ? to.slice(old.length + 1) : to
    const now = part.replace(/^(.*)(?=#)/s, (column) => columns.get(column) ?? column)
    return table === old && now === part ? [] : meanings(schema, `${table}.${now}`, name)
  })
}

function dotsIn(name: string): readonly number[] {
  return [...name.matchAll(/\./g)].map(({ index }) => index)
}

/** Whatever there is of this name. `users.phone:users.phone_number` is meant as it reads. */
function meanings(schema: Schema, from: string, to: string): readonly Rename[] {
  const short = (prefix: string): string => (to.startsWith(prefix) ? to.slice(prefix.length) : to)
  const parts = dotsIn(from).flatMap((dot): Rename[] => {
    const [table, part] = [from.slice(0, dot), from.slice(dot + 1)]
    const { columns = [], indexes = [], uniques = [] } = tableNamed(schema, table) ?? {}
    const name = short(`${table}.`)
    return [
      ...(columns.some((each) => each.name === part) ? [{ table, column: part, to: name }] : []),
      ...([...indexes, ...uniques].some((each) => each.name === part)
        ? [{ table, index: part, to: name }]
        : []),
    ]
  })
  const hash = from.lastIndexOf('#')
  const [type, value] = [from.slice(0, Math.max(hash, 0)), from.slice(hash + 1)]
  const values = dotsIn(type).flatMap((dot): Rename[] => {
    const [table, column] = [type.slice(0, dot), type.slice(dot + 1)]
    const isThere = columnValues(tableNamed(schema, table), column).includes(value)
    return isThere ? [{ table, column, value, to: short(`${type}#`) }] : []
  })
  return [
    ...(tableNamed(schema, from) ? [{ table: from, to }] : []),
    ...parts,
    ...values,
    ...(enumNamed(schema, type)?.items.includes(value) ? [{ enum: type, value, to: short(`${type}#`) }] : []),
  ]
}

function kindOf(rename: Rename): 'table' | 'column' | 'index' | 'value' {
  if ('enum' in rename || rename.value !== undefined) return 'value'
  return rename.column === undefined ? (rename.index === undefined ? 'table' : 'index') : 'column'
}

function missing(schema: Schema, from: string, kind = 'column or index'): string {
  const hash = from.lastIndexOf('#')
  if (hash > 0)
    return `the database has no enum type and no column ${from.slice(0, hash)} with the value ${from.slice(hash + 1)}`
  const dot = from.lastIndexOf('.')
  const table = dot < 0 ? from : from.slice(0, dot)
  return dot < 0 || !tableNamed(schema, table)
    ? `the database has no table ${table}`
    : `table ${table} has no ${kind} ${from.slice(dot + 1)}`
}
