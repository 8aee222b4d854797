/** MikroORM's schema of the entities in the neutral spelling: what revisions are written with. */
import type { AbstractSqlPlatform, DatabaseTable } from '@mikro-orm/sql'
import type { Check, EnumType, ForeignKey, PrimaryKey, Schema, Table, View } from '../../src/schema/schema.ts'
import type { NativeEnum, Wanted } from './create-statements.ts'
import { type ColumnContext, declaredColumn } from './declared-column.ts'
import {
  declaredIndex,
  declaredIndexes,
  declaredUniques,
  deferrable,
  isStructured,
} from './declared-index.ts'
import type { DeclaredTypes } from './property-types.ts'
import { wantedTriggers } from './triggers.ts'
import type { WantedView } from './views.ts'

export interface DeclareContext extends ColumnContext {
  readonly declaredTypes: DeclaredTypes
  /** The user's own, that made the schema. */
  readonly userPlatform: AbstractSqlPlatform
}

/**
 * Spells tables and views in the order in which they can be created. What the entities can only write as SQL (indexes with an
 * expression, exclusion constraints, triggers as DDL) is left out: of that, only what the database makes is known.
 */
export function declaredSchema({ tables, views, enums }: Wanted, context: DeclareContext): Schema {
  const schemas = context.places.schemas.map(({ name }) => name)
  return {
    tables: named(tables.map((table) => declaredTable(table, context))),
    ...(views.length > 0 && { views: named(views.map((view) => declaredView(view, context))) }),
    ...(enums.length > 0 && { enums: named(enums.map((each) => declaredEnum(each, context))) }),
    ...(schemas.length > 0 && { schemas }),
  }
}

function named<T extends { readonly name: string }>(list: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(list.map((each) => [each.name, each]))
}

function declaredEnum({ schema, name, items }: NativeEnum, { places }: DeclareContext): EnumType {
  return { name: places.nameOf(schema, name), items }
}

function declaredView({ view, definition, triggers: wanted }: WantedView, context: DeclareContext): View {
  const { places } = context
  const { triggers } = wanted
  const spelled = (view.indexes ?? []).filter(isStructured).map((index) => declaredIndex(index, context))
  const indexes = sorted(spelled)
  return {
    name: places.nameOf(view.schema, view.name),
    definition: places.spell(definition),
    ...(view.materialized && { materialized: true }),
    ...(indexes && { indexes }),
    ...(triggers.length > 0 && { triggers }),
  }
}

function declaredTable(table: DatabaseTable, context: DeclareContext): Table {
  const { writing, userPlatform, declaredTypes, places } = context
  const name = places.nameOf(table.schema, table.name)
  const { triggers } = wantedTriggers(table.getTriggers(), table.name, writing)
  const primaryKey = declaredPrimaryKey(table, context)
  const uniques = sorted(declaredUniques(table, writing))
  const indexes = sorted(declaredIndexes(table, context))
  const foreignKeys = sorted(declaredForeignKeys(table, context))
  const checks = sorted(declaredChecks(table, context))
  return {
    name,
    columns: table.getColumns().map((column) => {
      const written = column.nativeEnumName
        ? places.typeName(column.type, table.schema)
        : writing.type(column, table, userPlatform)
      return declaredColumn(column, written, declaredTypes(name, column.name), context)
    }),
    ...(primaryKey && { primaryKey }),
    ...(uniques && { uniques }),
    ...(indexes && { indexes }),
    ...(foreignKeys && { foreignKeys }),
    ...(checks && { checks }),
    ...(triggers.length > 0 && { triggers }),
    ...(writing.comments && table.comment && { comment: table.comment }),
  }
}

/** By name, else by column; undefined when there is none. */
function sorted<T extends { readonly name?: string; readonly column?: string }>(
  list: readonly T[],
): readonly T[] | undefined {
  const key = ({ name, column }: T): string => name ?? column ?? ''
  return list.length > 0 ? list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) : undefined
}

function declaredPrimaryKey(table: DatabaseTable, { userPlatform }: DeclareContext): PrimaryKey | undefined {
  const key = table.getPrimaryKey()
  if (!key) return undefined
  const isNamed = userPlatform.getSchemaHelper()?.hasNonDefaultPrimaryKeyName(table)
  return { ...(isNamed && { name: key.keyName }), columns: key.columnNames }
}

function declaredForeignKeys(
  table: DatabaseTable,
  { userPlatform, places }: DeclareContext,
): readonly ForeignKey[] {
  if (!userPlatform.getConfig().get('schemaGenerator').createForeignKeyConstraints) return []
  return Object.values(table.getForeignKeys()).map((key) => {
    const { referencedTableName: target, deferMode } = key
    const onDelete = ruleOf(key.deleteRule)
    const onUpdate = ruleOf(key.updateRule)
    return {
      name: key.constraintName,
      columns: key.columnNames,
      references: { table: places.nameOfTarget(target), columns: key.referencedColumnNames },
      ...(onDelete && { onDelete }),
      ...(onUpdate && { onUpdate }),
      ...(deferMode && { deferrable: deferrable(deferMode) }),
    }
  })
}

function ruleOf(text: string | undefined): ForeignKey['onDelete'] {
  return (['cascade', 'set null', 'set default', 'restrict'] as const).find(
    (rule) => rule === text?.toLowerCase(),
  )
}

function declaredChecks(
  table: DatabaseTable,
  { userPlatform, writing, places }: DeclareContext,
): readonly Check[] {
  const checks = table.getChecks()
  const firstOf = new Map(checks.toReversed().map((check) => [check.columnName, check]))
  return checks.flatMap((check): readonly Check[] => {
    const { name, columnName: column } = check
    const expression = String(check.expression)
    // `exclude using gist (…)`: written as a constraint of its own kind.
    if (/^\s*exclude\b/i.test(expression)) return []
    const items = (column === undefined ? undefined : table.getColumn(column)?.enumItems)?.map(String) ?? []
    const isEnum =
      column !== undefined && expression === userPlatform.getEnumCheckConstraintExpression(column, items)
    const isBeside = writing.checksBesideColumns && column !== undefined && firstOf.get(column) === check
    return [
      {
        ...(!isBeside && { name }),
        ...((isBeside || isEnum) && column !== undefined && { column }),
        expression: isEnum ? { in: items } : places.spell(expression),
      },
    ]
  })
}
