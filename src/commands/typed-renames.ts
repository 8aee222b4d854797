/** Answers as a person types them: what they name is found in the database. */
import { type Schema, enumNamed, tableNamed } from '../schema/schema.ts'
import { type Rename, applyRename, checkRename, wrongRename } from './rename.ts'

/** `users.phone:phone_number` */
export interface TypedRename {
  readonly typed: string
}

/**
 * What the answers mean, one after the other: a name may be one that an answer before it gave.
 * @throws {AludelError} USAGE when one names nothing, or several things, or what the entities do not want
 */
export function resolveRenames(
  answers: readonly (Rename | TypedRename)[],
  live: Schema,
  wanted: Schema,
): readonly Rename[] {
  const renames: Rename[] = []
  let schema = live
  for (const [at, answer] of answers.entries()) {
    const rename = 'typed' in answer ? resolve(answer.typed, schema) : answer
    const later = answers
      .slice(at + 1)
      .flatMap((each) => ('typed' in each ? tableRename(each.typed) : [each]))
    checkRename(rename, schema, wanted, later)
    renames.push(rename)
    schema = applyRename(schema, rename)
  }
  return renames
}

function tableRename(typed: string): readonly Rename[] {
  const [, table, to] = /^(?:table:)?([^:#]+):([^:]+)$/.exec(typed) ?? []
  return table === undefined || to === undefined ? [] : [{ table, to }]
}

function resolve(typed: string, schema: Schema): Rename {
  const [, kind, from, to] = /^(?:(table|column|index|value):(?=.*:))?([^:]+):(.+)$/s.exec(typed) ?? []
  if (from === undefined || to === undefined) throw wrongRename(typed, 'it says not what was renamed to what')
  const found = meanings(schema, from, to).filter((each) => kind === undefined || kindOf(each) === kind)
  const [only, other] = found
  if (only === undefined) throw wrongRename(typed, missing(schema, from, kind))
  if (other === undefined) return only
  const ways = found.map((each) => `--rename ${kindOf(each)}:${typed}`)
  throw wrongRename(typed, `it may be ${found.map(kindOf).join(' or ')}; say ${ways.join(', or ')}`)
}

/** Whatever there is of this name. `users.phone:users.phone_number` is meant as it reads. */
function meanings(schema: Schema, from: string, to: string): readonly Rename[] {
  const short = (prefix: string): string => (to.startsWith(prefix) ? to.slice(prefix.length) : to)
  const dots = [...from.matchAll(/\./g)].map(({ index }) => index)
  const parts = dots.flatMap((dot): Rename[] => {
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
  return [
    ...(tableNamed(schema, from) ? [{ table: from, to }] : []),
    ...parts,
    ...(enumNamed(schema, type)?.items.includes(value) ? [{ enum: type, value, to: short(`${type}#`) }] : []),
  ]
}

function kindOf(rename: Rename): 'table' | 'column' | 'index' | 'value' {
  if ('enum' in rename) return 'value'
  return rename.column === undefined ? (rename.index === undefined ? 'table' : 'index') : 'column'
}

function missing(schema: Schema, from: string, kind = 'column or index'): string {
  const hash = from.lastIndexOf('#')
  if (hash > 0)
    return `the database has no enum type ${from.slice(0, hash)} with the value ${from.slice(hash + 1)}`
  const dot = from.lastIndexOf('.')
  const table = dot < 0 ? from : from.slice(0, dot)
  return dot < 0 || !tableNamed(schema, table)
    ? `the database has no table ${table}`
    : `table ${table} has no ${kind} ${from.slice(dot + 1)}`
}
