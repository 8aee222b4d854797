/** The operations that make one schema of another. Pure; both sides must be spelled alike (read back by the same `reflect`). */
import { type Schema, tableNamed } from '../schema/schema.ts'
import { apply } from './apply.ts'
import { compareEnums } from './diff/enums.ts'
import { compareTables, type RetypesKeys, renewedKeys, retypedColumns } from './diff/table.ts'
import { createTables, dropTables } from './diff/tables.ts'
import { touched } from './diff/touched.ts'
import { compareTriggers } from './diff/triggers.ts'
import { compareViews } from './diff/views.ts'
import type { Operation } from './operation.ts'

export interface DiffOptions {
  /** Foreign keys may name tables that are created later (DESIGN: capabilities.forwardReferences). */
  readonly forwardReferences: boolean
  /** To which types a column can change while a foreign key names it (DESIGN: capabilities.retypesKeys). */
  readonly retypesKeys: RetypesKeys
  /** A generated column cannot stay one while its expression does not fit what it reads; default false (DESIGN: capabilities.typedExpressions). */
  readonly typedExpressions?: boolean
  /** What is known to be renamed: done before all but what is in its way; default nothing. */
  readonly renaming?: readonly Operation[]
}

/**
 * Orders the changes so that each can be carried out: what refers goes before what it refers to goes, and comes after it.
 * A column, table, index or value is never taken for a renamed one.
 */
export function diff(
  from: Schema,
  to: Schema,
  { renaming = [], ...options }: DiffOptions,
): readonly Operation[] {
  const renamed = renaming.reduce(apply, from)
  const created = Object.values(to.tables).filter((table) => !tableNamed(renamed, table.name))
  const dropped = Object.values(renamed.tables).filter((table) => !tableNamed(to, table.name))
  const how = {
    typedExpressions: options.typedExpressions ?? false,
    retyped: retypedColumns(renamed, to, options.retypesKeys),
    renewed: renewedKeys(renamed, to),
  }
  const changes = Object.values(to.tables).flatMap((table) => {
    const old = tableNamed(renamed, table.name)
    return old ? [compareTables(old, table, how)] : []
  })
  const creation = createTables(created, options)
  const removal = dropTables(dropped)
  const columns = changes.flatMap((change) => change.columns)
  const enums = compareEnums(renamed, to)
  const nameBefore = namesBefore(renaming)
  const changing = [
    ...touched(renaming, from),
    ...touched([...columns, ...removal.tables, ...enums.before, ...enums.after], renamed).map((each) => ({
      ...each,
      table: nameBefore(each.table),
    })),
  ]
  const views = compareViews(from, to, changing)
  const gone = new Set([...views.dropped, ...created.map(({ name }) => name)])
  const triggers = compareTriggers(renamed, to, { nameBefore, changing, gone })
  const schemas = compareSchemas(from, to)
  return [
    ...triggers.drop,
    ...views.drop,
    ...renaming,
    ...changes.flatMap((change) => change.dropForeignKeys),
    ...removal.first,
    ...changes.flatMap((change) => change.drop),
    ...schemas.create,
    ...enums.before,
    ...creation.tables,
    ...columns,
    ...changes.flatMap((change) => change.create),
    ...creation.last,
    ...changes.flatMap((change) => change.createForeignKeys),
    ...removal.tables,
    ...enums.after,
    ...schemas.drop,
    ...views.create,
    ...triggers.create,
  ]
}

/** Finds the name that a table had before it was renamed. */
function namesBefore(renaming: readonly Operation[]): (table: string) => string {
  const names = new Map<string, string>()
  for (const operation of renaming)
    if (operation.kind === 'renameTable')
      names.set(operation.to, names.get(operation.table) ?? operation.table)
  return (table) => names.get(table) ?? table
}

function compareSchemas(
  from: Schema,
  to: Schema,
): { readonly create: readonly Operation[]; readonly drop: readonly Operation[] } {
  const { schemas: old = [] } = from
  const { schemas: wanted = [] } = to
  return {
    create: wanted.filter((name) => !old.includes(name)).map((schema) => ({ kind: 'createSchema', schema })),
    drop: old.filter((name) => !wanted.includes(name)).map((schema) => ({ kind: 'dropSchema', schema })),
  }
}
