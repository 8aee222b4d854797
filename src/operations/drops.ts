/** What operations take away that was there before them. */
import { definitionOf } from './all.ts'
import type { Place } from './naming.ts'
import type { Operation } from './operation.ts'

/** A table or a column, by the names that it has before the first operation. */
export interface Drop extends Place {
  readonly operation: Operation
}

/** Whose names are the same however their letters are cased. */
interface Caseless {
  readonly caseless: 'none' | 'columns' | 'all'
}

/** What the operations before have made of a table. */
interface Known {
  /** Its name before them; undefined when they created it. */
  readonly origin: string | undefined
  readonly columns: Map<string, string | undefined>
}

/** The drops, in order; what the operations created or dropped themselves is not among them. */
export function dropsOf(operations: readonly Operation[], { caseless }: Caseless): readonly Drop[] {
  const tables = new Map<string, Known>()
  const tableKey = (name: string): string => (caseless === 'all' ? name.toLowerCase() : name)
  const columnKey = (name: string): string => (caseless === 'none' ? name : name.toLowerCase())
  const known = (name: string): Known => {
    const found = tables.get(tableKey(name)) ?? { origin: name, columns: new Map() }
    tables.set(tableKey(name), found)
    return found
  }
  /** What it was called before; undefined when it was not there. */
  const originOf = ({ table, column }: Place): Place | undefined => {
    const { origin, columns } = known(table)
    if (origin === undefined) return undefined
    if (column === undefined) return { table: origin }
    const before = columns.has(columnKey(column)) ? columns.get(columnKey(column)) : column
    return before === undefined ? undefined : { table: origin, column: before }
  }
  const make = ({ table, column }: Place): void => {
    if (column === undefined) tables.set(tableKey(table), { origin: undefined, columns: new Map() })
    else known(table).columns.set(columnKey(column), undefined)
  }
  const rename = ({ table, column }: Place, to: string): void => {
    if (column === undefined) tables.set(tableKey(to), known(table))
    else known(table).columns.set(columnKey(to), originOf({ table, column })?.column)
  }
  const drops: Drop[] = []
  for (const operation of operations) {
    const naming = definitionOf(operation).naming?.(operation)
    if (!naming) continue
    if ('makes' in naming) make(naming.makes)
    if ('renames' in naming) rename(naming.renames, naming.to)
    const origin = 'drops' in naming ? originOf(naming.drops) : undefined
    if (origin) drops.push({ operation, ...origin })
  }
  return drops
}

/** The tables that operations make, by creating or renaming. */
export function madeBy(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap((operation) => {
    const naming = definitionOf(operation).naming?.(operation)
    if (!naming || 'drops' in naming) return []
    const { table, column } = 'makes' in naming ? naming.makes : naming.renames
    if (column !== undefined) return []
    return ['to' in naming ? naming.to : table]
  })
}

/** How a revision's `allowDataLoss` names it: `users`, `users.phone`. */
export function dropName({ table, column }: Place): string {
  return column === undefined ? table : `${table}.${column}`
}
