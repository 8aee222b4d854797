/** Tables that come and go, in an order in which each refers to what is there. */
import type { ForeignKey, Table } from '../../schema/schema.ts'
import { refTo } from '../constraint-ref.ts'
import type { Operation } from '../operation.ts'

/** Each table after those that it refers to; foreign keys of a circle come last, unless a table may name a later one. */
export function createTables(
  tables: readonly Table[],
  { forwardReferences }: { readonly forwardReferences: boolean },
): { readonly tables: readonly Operation[]; readonly last: readonly Operation[] } {
  const { sorted, late } = sortTables(tables)
  if (forwardReferences) {
    return { tables: sorted.map((table) => ({ kind: 'createTable', table: strip(table) })), last: [] }
  }
  return {
    tables: sorted.map((table) => ({ kind: 'createTable', table: strip(table, late) })),
    last: sorted.flatMap((table) =>
      (table.foreignKeys ?? [])
        .filter((key) => late.has(key))
        .map((foreignKey): Operation => ({ kind: 'createForeignKey', table: table.name, foreignKey })),
    ),
  }
}

export function dropTables(tables: readonly Table[]): {
  readonly first: readonly Operation[]
  readonly tables: readonly Operation[]
} {
  const { sorted, late } = sortTables(tables)
  return {
    first: sorted.flatMap((table) =>
      (table.foreignKeys ?? [])
        .filter((key) => late.has(key))
        .map((key): Operation => ({
          kind: 'dropConstraint',
          table: table.name,
          ...refTo('foreignKey', key),
        })),
    ),
    tables: sorted.toReversed().map((table) => ({ kind: 'dropTable', table: table.name })),
  }
}

/** Referenced tables first, else in the order given; `late` are the foreign keys that name a table further on. */
function sortTables(tables: readonly Table[]): {
  readonly sorted: readonly Table[]
  readonly late: ReadonlySet<ForeignKey>
} {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const sorted = new Set<Table>()
  const visiting = new Set<Table>()
  const visit = (table: Table): void => {
    if (sorted.has(table) || visiting.has(table)) return
    visiting.add(table)
    for (const { references } of table.foreignKeys ?? []) {
      const other = byName.get(references.table)
      if (other) visit(other)
    }
    sorted.add(table)
  }
  for (const table of tables) visit(table)
  const position = new Map([...sorted].map((table, at) => [table.name, at]))
  const late = [...sorted].flatMap((table, at) =>
    (table.foreignKeys ?? []).filter(({ references }) => (position.get(references.table) ?? -1) > at),
  )
  return { sorted: [...sorted], late: new Set(late) }
}

/** Its triggers are made when all tables are there. */
function strip(
  { source: _, triggers: __, foreignKeys, ...table }: Table,
  late?: ReadonlySet<ForeignKey>,
): Table {
  const kept = foreignKeys?.filter((key) => !late?.has(key)) ?? []
  return kept.length > 0 ? { ...table, foreignKeys: kept } : table
}
