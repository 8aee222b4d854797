/** What tables and views have alike: indexes, where a view is materialized, and triggers. */
import { type Index, type Schema, type Trigger, tableNamed, viewNamed } from '../schema/schema.ts'
import { changeTable, unknownShape } from './shape.ts'
import { byName, dropEmpty, tidy } from './tidy.ts'

interface Relation {
  readonly indexes?: readonly Index[]
  readonly triggers?: readonly Trigger[]
}

/** The table or view of that name. */
export function relationNamed(schema: Schema, name: string): Relation | undefined {
  return tableNamed(schema, name) ?? viewNamed(schema, name)
}

/** @throws {AludelError} SHAPE_UNKNOWN */
export function knownRelation(schema: Schema, name: string): Relation {
  const found = relationNamed(schema, name)
  if (!found) throw unknownShape(`Table ${name} is not known`)
  return found
}

/**
 * Changes the indexes of a table or view.
 * @throws {AludelError} SHAPE_UNKNOWN
 */
export function changeIndexes(
  schema: Schema,
  name: string,
  map: (indexes: readonly Index[]) => readonly Index[],
): Schema {
  return changeRelation(schema, name, ({ indexes = [] }) => ({ indexes: byName(map(indexes)) }))
}

/**
 * Changes the triggers of a table or view.
 * @throws {AludelError} SHAPE_UNKNOWN
 */
export function changeTriggers(
  schema: Schema,
  name: string,
  map: (triggers: readonly Trigger[]) => readonly Trigger[],
): Schema {
  return changeRelation(schema, name, ({ triggers = [] }) => ({ triggers: byName(map(triggers)) }))
}

function changeRelation(schema: Schema, name: string, map: (relation: Relation) => Relation): Schema {
  const view = tableNamed(schema, name) ? undefined : viewNamed(schema, name)
  if (!view) return changeTable(schema, name, (table) => tidy({ ...table, ...map(table) }))
  const changed = dropEmpty<typeof view>({ ...view, ...map(view) })
  return { ...schema, views: { ...schema.views, [name]: changed } }
}
