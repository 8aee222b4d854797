/** Which of the wanted tables must be built to know whether they differ. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { WantedStatement } from '../dialect.ts'
import { type Schema, type Table, tableNamed } from '../schema/schema.ts'

export interface ToBuild {
  /** In order; empty when there is nothing to build. */
  readonly statements: readonly WantedStatement[]
  /** Those that the database has just so: nothing can differ. */
  readonly same: readonly Table[]
}

/**
 * A table is not built when what is foreseen of it is what the database has, to the letter. Of those that are, the tables to which their
 * foreign keys lead are built too, without keys of their own; and whatever a text names that makes no table (a view, a function).
 */
export function toBuild(
  create: readonly WantedStatement[],
  foreseen: ReadonlyMap<string, Table>,
  live: Schema,
): ToBuild {
  const names = new Set(create.flatMap(({ table }) => table ?? []))
  const same = new Map(
    [...foreseen].flatMap(([name, table]) => {
      const found = tableNamed(live, name)
      return found && isSame(table, found) ? [[name, found] as const] : []
    }),
  )
  const shared = create.filter(({ table }) => table === undefined)
  const differing = new Set([...names].filter((name) => !same.has(name)))
  const texts = shared.map(({ sql }) => sql.toLowerCase())
  const named = [...same.keys()].filter((name) => texts.some((text) => text.includes(name.toLowerCase())))
  const targets = new Set([
    ...named,
    ...create.flatMap(({ table, references }) =>
      references !== undefined && table !== undefined && differing.has(table) ? [references] : [],
    ),
  ])
  const statements = create.filter(
    ({ table, references }) =>
      table === undefined || differing.has(table) || (targets.has(table) && references === undefined),
  )
  return { statements, same: [...same.values()] }
}

/** But for what `diff` passes over: the order of columns, and the texts of which a table was made. */
function isSame(foreseen: Table, live: Table): boolean {
  return isDeepStrictEqual(comparable(foreseen), comparable(live))
}

function comparable({ source: _, columns, ...table }: Table): Table {
  return { ...table, columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
