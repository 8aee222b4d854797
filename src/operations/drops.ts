/** What operations take away that was there before them. */
import type { Operation, OperationOf } from './operation.ts'

/** A table or a column, by the names that it has before the first operation. */
export interface Drop {
  readonly operation: OperationOf<'dropTable' | 'dropColumn'>
  readonly table: string
  readonly column?: string
}

/** Whose names are the same however their letters are cased. */
interface Naming {
  readonly caseless: 'none' | 'columns' | 'all'
}

/** What the operations before have made of a table. */
interface Known {
  /** Its name before them; undefined when they created it. */
  readonly origin: string | undefined
  readonly columns: Map<string, string | undefined>
}

/** The drops, in order; what the operations created or dropped themselves is not among them. */
export function dropsOf(operations: readonly Operation[], { caseless }: Naming): readonly Drop[] {
  const tables = new Map<string, Known>()
  const tableKey = (name: string): string => (caseless === 'all' ? name.toLowerCase() : name)
  const columnKey = (name: string): string => (caseless === 'none' ? name : name.toLowerCase())
  const known = (name: string): Known => {
    const found = tables.get(tableKey(name)) ?? { origin: name, columns: new Map() }
    tables.set(tableKey(name), found)
    return found
  }
  const originOf = ({ columns }: Known, column: string): string | undefined =>
    columns.has(columnKey(column)) ? columns.get(columnKey(column)) : column
  const drops: Drop[] = []
  for (const operation of operations) {
    switch (operation.kind) {
      case 'createTable':
        tables.set(tableKey(operation.table.name), { origin: undefined, columns: new Map() })
        break
      case 'renameTable':
        tables.set(tableKey(operation.to), known(operation.table))
        break
      case 'addColumn':
        known(operation.table).columns.set(columnKey(operation.column.name), undefined)
        break
      case 'renameColumn': {
        const table = known(operation.table)
        table.columns.set(columnKey(operation.to), originOf(table, operation.column))
        break
      }
      case 'dropTable': {
        const { origin } = known(operation.table)
        if (origin !== undefined) drops.push({ operation, table: origin })
        break
      }
      case 'dropColumn': {
        const table = known(operation.table)
        const column = originOf(table, operation.column)
        if (table.origin !== undefined && column !== undefined)
          drops.push({ operation, table: table.origin, column })
        break
      }
      default:
    }
  }
  return drops
}

/** How a revision's `allowDataLoss` names it: `users`, `users.phone`. */
export function dropName({ table, column }: Pick<Drop, 'table' | 'column'>): string {
  return column === undefined ? table : `${table}.${column}`
}
