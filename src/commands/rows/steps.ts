/** A generated revision made safe for rows: columns are filled before they are set not null, and what may fail is said where it stands. */
import { alter } from '../../operations/alter-column/alter.ts'
import type { Operation, OperationKind, OperationOf } from '../../operations/operation.ts'
import { type Column, type Schema, type Table, tableNamed } from '../../schema/schema.ts'
import { type RenamedValue, withRenamedValue } from '../column-values.ts'
import { applyIfKnown } from '../history-schema.ts'
import { checkNote, foreignKeyNote, indexNote, uniqueNote } from './constraints.ts'
import { type Place, addFilled, fillCall, lacksValue } from './fill.ts'
import { narrowing } from './narrowing.ts'
import type { Note, Step } from './note.ts'
import { renamedBy, stepsBefore } from './renamed-values.ts'
import { tableSql } from './sql-names.ts'

export interface Rows extends Pick<Place, 'dialect' | 'way'> {
  /** Before the first operation, as the database says it. */
  readonly before: Schema
  /** Values of columns that these operations rename. */
  readonly values?: readonly RenamedValue[]
}

/**
 * The same change in steps that rows survive, or of which the reader knows why not.
 * @param operations in the words of people
 */
export function safeSteps(
  operations: readonly Operation[],
  { before, values = [], ...rest }: Rows,
): readonly Step[] {
  const made = new Set<string>()
  const empty = new Map<string, readonly string[]>()
  let schema = before
  let old = before
  return operations.flatMap((operation, at): readonly Step[] => {
    const place = { ...rest, schema, later: operations.slice(at + 1) }
    if (operation.kind === 'createTable') made.add(operation.table.name)
    const table = 'table' in operation && typeof operation.table === 'string' ? operation.table : undefined
    // Under its new name it is what it was.
    if (operation.kind === 'renameTable' || operation.kind === 'renameColumn')
      old = applyIfKnown(old, operation)
    const known = { ...place, before: old, empty: new Set(empty.get(table ?? '')) }
    schema = applyIfKnown(schema, operation)
    // It has no rows yet.
    if (table !== undefined && made.has(table)) return [{ operation, notes: [] }]
    if (operation.kind === 'addColumn') {
      const steps = lacksValue(operation.column) ? addFilled(operation, place) : undefined
      const isFilled = steps?.some((step) => step.operation.kind === 'execute')
      if (isFilled || (!steps && isEmpty(operation.column)))
        empty.set(operation.table, [...known.empty, operation.column.name])
      if (steps) return steps
    }
    const first = stepsBefore(operation, { dialect: rest.dialect, schema: known.schema, values })
    const then = renamedBy(operation, { schema: known.schema, values }).reduce(
      (each, value) => ({
        ...each,
        schema: withRenamedValue(each.schema, value),
        before: withRenamedValue(each.before, value),
      }),
      known,
    )
    return [...first, { operation, notes: notesOf(operation, then) }]
  })
}

/** Or numbered: no two rows have the same. */
function isEmpty({ default: value, generated }: Column): boolean {
  return value === undefined && !generated
}

interface Known extends Place {
  readonly before: Schema
  /** Columns of the operation's table that are new, and hold nothing that could be in the way of a constraint. */
  readonly empty: ReadonlySet<string>
}

type Tell<K extends OperationKind> = (operation: OperationOf<K>, known: Known) => readonly Note[]

function notesOf<K extends OperationKind>(operation: OperationOf<K>, known: Known): readonly Note[] {
  return tells[operation.kind]?.(operation, known) ?? []
}

const tells: { readonly [K in OperationKind]?: Tell<K> } = {
  alterColumn: ({ table, column, change }, known) => {
    const { dialect, schema } = known
    const found = tableNamed(schema, table)
    const was = found?.columns.find(({ name }) => name === column)
    if (!was) return []
    const is = altered(was, change)
    const name = `${table}.${column}`
    const isKept = (dialect.capabilities.keepsMisfits ?? false) && !found?.options?.includes('strict')
    const isNarrower = was.generated === undefined && isRetyped(change)
    const isFilled = known.empty.has(column) || was.nullable !== true || is?.generated !== undefined
    return [
      ...(is && isNarrower
        ? narrowing({ dialect, name, from: tableSql(dialect, table), was, is, isKept })
        : []),
      ...(change.nullable === false && !isFilled
        ? [
            {
              text: `Rows that are there need a value of ${name} before it is set not null:`,
              code: fillCall(dialect, found, table, column),
            },
          ]
        : []),
    ]
  },
  createPrimaryKey: ({ table, primaryKey: { columns } }, known) => uniqueNote(placeOf(table, known), columns),
  createUniqueConstraint: ({ table, unique: { columns } }, known) =>
    uniqueNote(placeOf(table, known), columns),
  createIndex: ({ table, index }, known) => indexNote(placeOf(table, known), index),
  createForeignKey: ({ table, foreignKey }, known) => foreignKeyNote(placeOf(table, known), foreignKey),
  createCheckConstraint: ({ table, check }, known) => checkNote(placeOf(table, known), check),
  alterEnum: ({ name, items, renamed = {} }, { dialect, schema }) => {
    const gone = (schema.enums?.[name]?.items ?? []).filter(
      (item) => !items.includes(item) && !Object.hasOwn(renamed, item),
    )
    const list = gone.map((item) => dialect.literal(item)).join(', ')
    return gone.length === 0
      ? []
      : columnsOf(schema, name).map(([table, column]) => ({
          text: `Fails where ${table.name}.${column.name} has a value that goes:`,
          code: `select * from ${tableSql(dialect, table.name)} where ${dialect.quote(column.name)} in (${list})`,
        }))
  },
}

function placeOf(table: string, { dialect, before, empty }: Known) {
  return { dialect, table, old: tableNamed(before, table), empty }
}

function isRetyped({
  type,
  length,
  precision,
  scale,
  items,
  unsigned,
}: OperationOf<'alterColumn'>['change']): boolean {
  return [type, length, precision, scale, items, unsigned].some((each) => each !== undefined)
}

/** Undefined where nobody knows what it becomes. */
function altered(column: Column, change: OperationOf<'alterColumn'>['change']): Column | undefined {
  try {
    return alter(column, change)
  } catch {
    return undefined
  }
}

function columnsOf({ tables }: Schema, type: string): readonly (readonly [Table, Column])[] {
  return Object.values(tables).flatMap((table) =>
    table.columns
      .filter((column) => typeof column.type === 'object' && [type, `"${type}"`].includes(column.type.sql))
      .map((column) => [table, column] as const),
  )
}
