/** Answers to the question whether something was renamed. */
import type { Capabilities } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { apply } from '../operations/apply.ts'
import type { Operation } from '../operations/operation.ts'
import { type Schema, tableNamed } from '../schema/schema.ts'

/** `to` is the new name of a table, or with `column` of that column of the table. */
export interface Rename {
  readonly table: string
  readonly column?: string
  readonly to: string
}

export function renameOperation({ table, column, to }: Rename): Operation {
  return column === undefined
    ? { kind: 'renameTable', table, to }
    : { kind: 'renameColumn', table, column, to }
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

/** Those that no answer speaks of. */
export function withoutAnswered(renames: readonly Rename[], answers: readonly Rename[]): readonly Rename[] {
  return renames.filter(
    ({ table, column }) => !answers.some((each) => each.table === table && each.column === column),
  )
}

/** Pairs of names that differ in the case of letters alone, each on one side only. */
function recased(
  old: readonly string[],
  wanted: readonly string[],
): readonly (readonly [from: string, to: string])[] {
  return old.flatMap((name) => {
    const to = wanted.find((each) => each !== name && each.toLowerCase() === name.toLowerCase())
    return to === undefined || wanted.includes(name) || old.includes(to) ? [] : [[name, to] as const]
  })
}

/**
 * An answer that is mistyped would drop what it names: the old name must be in the database, the new one in the entities alone.
 * @throws {AludelError} USAGE
 */
export function checkRenames(renames: readonly Rename[], live: Schema, wanted: Schema): void {
  let schema = live
  for (const [at, rename] of renames.entries()) {
    const { table, column, to } = rename
    const found = tableNamed(schema, table)
    if (!found) throw wrong(rename, `the database has no table ${table}`)
    if (column === undefined) {
      if (tableNamed(schema, to)) throw wrong(rename, `the database has a table ${to} already`)
      if (!tableNamed(wanted, to)) throw wrong(rename, `the entities want no table ${to}`)
    } else {
      const has = (name: string): boolean => found.columns.some((each) => each.name === name)
      if (!has(column)) throw wrong(rename, `table ${table} has no column ${column}`)
      if (has(to)) throw wrong(rename, `table ${table} has a column ${to} already`)
      const target = renames.slice(at + 1).find((each) => each.column === undefined && each.table === table)
      const name = target?.to ?? table
      if (!tableNamed(wanted, name)?.columns.some((each) => each.name === to))
        throw wrong(rename, `the entities want no column ${to} in table ${name}`)
    }
    schema = apply(schema, renameOperation(rename))
  }
}

function wrong({ table, column, to }: Rename, why: string): AludelError {
  const text = `${table}${column === undefined ? '' : `.${column}`}:${to}`
  return new AludelError('USAGE', `--rename ${text}: ${why}.`, {
    state: 'Nothing was written.',
    fix: 'Correct the answer: --rename table.column:new_name, or --rename table:new_name.',
    details: { table, ...(column === undefined ? {} : { column }), to },
  })
}
