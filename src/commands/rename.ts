/** Answers to the question whether something was renamed. */
import type { Capabilities } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { apply } from '../operations/apply.ts'
import type { Operation } from '../operations/operation.ts'
import { type Schema, type Table, enumNamed, tableNamed } from '../schema/schema.ts'
import { type RenamedValue, columnValues, withRenamedValue } from './column-values.ts'

/** A table, a column or an index of it, or a value of a column or an enum type, by its old name. */
export type Renamable =
  | { readonly table: string; readonly column?: string; readonly index?: string; readonly value?: never }
  | { readonly table: string; readonly column: string; readonly value: string }
  | { readonly enum: string; readonly value: string }

export type Rename = Renamable & { readonly to: string }

/** As it is typed: `users`, `users.phone`, `mood#sad`, `users.mood#sad`. */
export function renamableText(what: Renamable): string {
  if ('enum' in what) return `${what.enum}#${what.value}`
  if (what.value !== undefined) return `${what.table}.${what.column}#${what.value}`
  const part = what.column ?? what.index
  return part === undefined ? what.table : `${what.table}.${part}`
}

/**
 * None for a value of a column: its rows change where the column or its check does.
 * @param schema before it
 */
export function renameOperations(rename: Rename, schema: Schema): readonly Operation[] {
  const { to } = rename
  if ('enum' in rename) {
    const items = (enumNamed(schema, rename.enum)?.items ?? []).map((item) =>
      item === rename.value ? to : item,
    )
    return [{ kind: 'alterEnum', name: rename.enum, items, renamed: { [rename.value]: to } }]
  }
  if (rename.value !== undefined) return []
  const { table, column, index } = rename
  if (index !== undefined) return [{ kind: 'renameIndex', table, index, to }]
  return column === undefined
    ? [{ kind: 'renameTable', table, to }]
    : [{ kind: 'renameColumn', table, column, to }]
}

export function applyRename(schema: Schema, rename: Rename): Schema {
  if (!('enum' in rename) && rename.value !== undefined) return withRenamedValue(schema, rename)
  return renameOperations(rename, schema).reduce(apply, schema)
}

/** Values of columns, under the names that table and column have after all renames. */
export function renamedValues(renames: readonly Rename[]): readonly RenamedValue[] {
  return renames.flatMap((rename, at) => {
    if ('enum' in rename || rename.value === undefined) return []
    const { table, columns } = newNames(renames.slice(at + 1), rename.table)
    const column = columns.get(rename.column) ?? rename.column
    return [{ table, column, value: rename.value, to: rename.to }]
  })
}

/** What the database itself takes for the same name, written with other letters: no guess is needed. */
export function caseRenames(
  caseless: Capabilities['caseless'],
  live: Schema,
  wanted: Schema,
): readonly Rename[] {
  if (caseless === 'none') return []
  const tables = caseless === 'all' ? recased(Object.keys(live.tables), Object.keys(wanted.tables)) : []
  const names = new Map(tables)
  return [
    ...tables.map(([table, to]): Rename => ({ table, to })),
    ...Object.values(live.tables).flatMap(({ name, columns }) => {
      const table = names.get(name) ?? name
      const there = columns.map((column) => column.name)
      const come = tableNamed(wanted, table)?.columns.map((column) => column.name) ?? []
      return recased(there, come).map(([column, to]): Rename => ({ table, column, to }))
    }),
  ]
}

/** Pairs of names that differ in the case of letters alone, each on one side only. */
function recased(
  old: readonly string[],
  wanted: readonly string[],
): readonly (readonly [from: string, to: string])[] {
  const [there, come] = [new Set(old), new Set(wanted)]
  const named = new Map(
    wanted.filter((name) => !there.has(name)).map((name) => [name.toLowerCase(), name] as const),
  )
  return old.flatMap((name) => {
    const to = come.has(name) ? undefined : named.get(name.toLowerCase())
    return to === undefined ? [] : [[name, to] as const]
  })
}

export interface NewNames {
  readonly table: string
  /** By the old names. */
  readonly columns: ReadonlyMap<string, string>
  readonly indexes: ReadonlyMap<string, string>
}

/** What a table, its columns and its indexes are called when these renames were done, one after the other. */
export function newNames(renames: readonly Rename[], name: string): NewNames {
  let table = name
  const [columns, indexes] = [new Map<string, string>(), new Map<string, string>()]
  const put = (names: Map<string, string>, now: string, to: string): void => {
    const [old = now] = [...names].find(([, each]) => each === now) ?? []
    names.set(old, to)
  }
  for (const rename of renames) {
    if ('enum' in rename || rename.value !== undefined || rename.table !== table) continue
    const { column, index, to } = rename
    if (column !== undefined) put(columns, column, to)
    else if (index !== undefined) put(indexes, index, to)
    else table = to
  }
  return { table, columns, indexes }
}

/** Why an answer cannot be carried out; `taken`: it can when something else frees the name. */
export interface RenameFault {
  readonly why: string
  readonly taken: boolean
}

/**
 * An answer that is mistyped would drop what it names: the old name must be in the database, the new one in the entities alone.
 * @param others answers that are still to come: the table may have another name among the entities
 */
export function renameFault(
  rename: Rename,
  schema: Schema,
  wanted: Schema,
  others: readonly Rename[],
): RenameFault | undefined {
  const { to } = rename
  const wrong = (why: string): RenameFault => ({ why, taken: false })
  const taken = (why: string): RenameFault => ({ why, taken: true })
  if ('enum' in rename) {
    const [found, target] = [enumNamed(schema, rename.enum), enumNamed(wanted, rename.enum)]
    if (!found?.items.includes(rename.value))
      return wrong(`enum type ${rename.enum} has no value ${rename.value}`)
    if (found.items.includes(to)) return taken(`enum type ${rename.enum} has a value ${to} already`)
    return target?.items.includes(to)
      ? undefined
      : wrong(`the entities want no value ${to} in enum type ${rename.enum}`)
  }
  if (rename.value !== undefined) {
    const { table, columns } = newNames(others, rename.table)
    const name = `${rename.table}.${rename.column}`
    const found = columnValues(tableNamed(schema, rename.table), rename.column)
    const target = columnValues(tableNamed(wanted, table), columns.get(rename.column) ?? rename.column)
    if (!found.includes(rename.value)) return wrong(`column ${name} has no value ${rename.value}`)
    if (found.includes(to)) return taken(`column ${name} has a value ${to} already`)
    return target.includes(to) ? undefined : wrong(`the entities want no value ${to} in column ${name}`)
  }
  const { table, column, index } = rename
  const found = tableNamed(schema, table)
  if (!found) return wrong(`the database has no table ${table}`)
  const part = column ?? index
  if (part === undefined) {
    if (tableNamed(schema, to)) return taken(`the database has a table ${to} already`)
    return tableNamed(wanted, to) ? undefined : wrong(`the entities want no table ${to}`)
  }
  const kind = column === undefined ? 'index' : 'column'
  const name = newNames(others, table).table
  const has = (where: typeof found | undefined, each: string): boolean =>
    partNames(where, kind).includes(each)
  if (!has(found, part)) return wrong(`table ${table} has no ${kind} ${part}`)
  if (has(found, to))
    return taken(`table ${table} has ${kind === 'index' ? 'an' : 'a'} ${kind} ${to} already`)
  return has(tableNamed(wanted, name), to)
    ? undefined
    : wrong(`the entities want no ${kind} ${to} in table ${name}`)
}

/** Uniques and indexes have their names in common. */
function partNames(table: Table | undefined, kind: 'column' | 'index'): readonly string[] {
  const { columns = [], indexes = [], uniques = [] } = table ?? {}
  return (kind === 'column' ? columns : [...indexes, ...uniques]).flatMap(({ name }) => name ?? [])
}

/** Its name among its like. */
export function oldName(what: Renamable): string {
  if ('enum' in what) return what.value
  return what.value ?? what.column ?? what.index ?? what.table
}

/** The same, as it is called after another rename of it. */
export function renamedTo(rename: Rename, to: string): Renamable {
  if ('enum' in rename) return { enum: rename.enum, value: to }
  if (rename.value !== undefined) return { table: rename.table, column: rename.column, value: to }
  const { table, column, index } = rename
  if (column !== undefined) return { table, column: to }
  return index === undefined ? { table: to } : { table, index: to }
}

/** A name that nothing of its kind has, for what is to take that of another that takes its own. */
export function nameBetween(rename: Rename, schema: Schema): string {
  const names = namesBeside(rename, schema)
  // A table's is in a schema.
  const isTable = !('enum' in rename) && rename.column === undefined && !('index' in rename)
  const prefix = isTable ? rename.table.slice(0, rename.table.lastIndexOf('.') + 1) : ''
  let name = `${prefix}swap`
  for (let at = 2; names.includes(name); at++) name = `${prefix}swap_${at}`
  return name
}

function namesBeside(rename: Rename, schema: Schema): readonly string[] {
  if ('enum' in rename) return enumNamed(schema, rename.enum)?.items ?? []
  if (rename.value !== undefined) return columnValues(tableNamed(schema, rename.table), rename.column)
  const { table, column, index } = rename
  if (column === undefined && index === undefined) return Object.keys(schema.tables)
  return partNames(tableNamed(schema, table), column === undefined ? 'index' : 'column')
}

/** @param typed as it stands behind `--rename` */
export function wrongRename(typed: string, why: string, details: object = {}): AludelError {
  return new AludelError('USAGE', `--rename ${typed}: ${why}.`, {
    state: 'Nothing was written.',
    fix: 'Correct the answer: --rename table.column:new_name, or --rename table:new_name; `aludel help revision` has the others.',
    details: { ...details },
  })
}
