/** MikroORM's schema of the entities in the neutral spelling: what revisions are written with. */
import type { AbstractSqlPlatform, DatabaseTable } from '@mikro-orm/sql'
import type { Check, ForeignKey, PrimaryKey, Schema, Table } from '../../src/schema/schema.ts'
import { type ColumnContext, declaredColumn } from './declared-column.ts'
import { declaredIndexes, declaredUniques, deferrable } from './declared-index.ts'
import type { DeclaredTypes } from './property-types.ts'

export interface DeclareContext extends ColumnContext {
  readonly declaredTypes: DeclaredTypes
  /** The user's own, that made the schema. */
  readonly userPlatform: AbstractSqlPlatform
}

/**
 * Spells tables in the order in which MikroORM creates them. What MikroORM can only write as SQL (indexes with an
 * expression, exclusion constraints) is left out: of that, only what the database makes is known.
 */
export function declaredSchema(tables: readonly DatabaseTable[], context: DeclareContext): Schema {
  return { tables: Object.fromEntries(tables.map((table) => [table.name, declaredTable(table, context)])) }
}

function declaredTable(table: DatabaseTable, context: DeclareContext): Table {
  const { writing, userPlatform, declaredTypes } = context
  const primaryKey = declaredPrimaryKey(table, context)
  const uniques = sorted(declaredUniques(table, writing))
  const indexes = sorted(declaredIndexes(table, writing))
  const foreignKeys = sorted(declaredForeignKeys(table, context))
  const checks = sorted(declaredChecks(table, context))
  return {
    name: table.name,
    columns: table.getColumns().map((column) => {
      const written = writing.type(column, table, userPlatform)
      return declaredColumn(column, written, declaredTypes(table.name, column.name), context)
    }),
    ...(primaryKey && { primaryKey }),
    ...(uniques && { uniques }),
    ...(indexes && { indexes }),
    ...(foreignKeys && { foreignKeys }),
    ...(checks && { checks }),
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

function declaredForeignKeys(table: DatabaseTable, { userPlatform }: DeclareContext): readonly ForeignKey[] {
  if (!userPlatform.getConfig().get('schemaGenerator').createForeignKeyConstraints) return []
  const schema = `${userPlatform.getDefaultSchemaName()}.`
  return Object.values(table.getForeignKeys()).map((key) => {
    const { referencedTableName: target, deferMode } = key
    const onDelete = ruleOf(key.deleteRule)
    const onUpdate = ruleOf(key.updateRule)
    return {
      name: key.constraintName,
      columns: key.columnNames,
      references: {
        table: target.startsWith(schema) ? target.slice(schema.length) : target,
        columns: key.referencedColumnNames,
      },
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

function declaredChecks(table: DatabaseTable, { userPlatform, writing }: DeclareContext): readonly Check[] {
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
        expression: isEnum ? { in: items } : expression,
      },
    ]
  })
}
