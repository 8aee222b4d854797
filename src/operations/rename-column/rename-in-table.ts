/** What the new name of a column changes in its table. */
import type { Column, ForeignKey, IndexColumn, KeyParts, Table, Trigger } from '../../schema/schema.ts'
import { tidy } from '../tidy.ts'
import { renameInSql } from './rename-in-sql.ts'

export function renameInTable(table: Table, from: string, to: string): Table {
  const inPart = (part: IndexColumn): IndexColumn => {
    if (typeof part === 'string') return part === from ? to : part
    if ('sql' in part) return { ...part, sql: renameInSql(part.sql, from, to) }
    return part.column === from ? { ...part, column: to } : part
  }
  const inKey = <T extends KeyParts & { readonly columns: readonly string[] }>(key: T): T => ({
    ...key,
    columns: swap(key.columns, from, to),
    ...(key.parts === undefined ? {} : { parts: key.parts.map(inPart) }),
    ...(key.include === undefined ? {} : { include: swap(key.include, from, to) }),
  })
  const inForeignKey = (key: ForeignKey): ForeignKey => ({
    ...key,
    columns: swap(key.columns, from, to),
    ...(key.onDeleteColumns === undefined ? {} : { onDeleteColumns: swap(key.onDeleteColumns, from, to) }),
  })
  return tidy({
    ...table,
    columns: table.columns.map((column) => renameInColumn(column, from, to)),
    primaryKey: table.primaryKey && inKey(table.primaryKey),
    uniques: table.uniques?.map(inKey),
    indexes: table.indexes?.map((index) => ({
      ...index,
      columns: index.columns.map(inPart),
      ...(index.include === undefined ? {} : { include: swap(index.include, from, to) }),
      ...(index.where === undefined ? {} : { where: renameInSql(index.where, from, to) }),
    })),
    foreignKeys: table.foreignKeys?.map(inForeignKey),
    triggers: table.triggers?.map((trigger) => renameInTrigger(trigger, from, to)),
    checks: table.checks?.map(({ expression, ...check }) => ({
      ...check,
      ...(check.column === from ? { column: to } : {}),
      expression: typeof expression === 'string' ? renameInSql(expression, from, to) : expression,
    })),
  })
}

function renameInColumn(column: Column, from: string, to: string): Column {
  const { name, generated, default: value } = column
  return {
    ...column,
    name: name === from ? to : name,
    // On MySQL and MariaDB the default may be made of other columns.
    ...(typeof value === 'object' ? { default: { sql: renameInSql(value.sql, from, to) } } : {}),
    ...(generated === undefined
      ? {}
      : { generated: { ...generated, expression: renameInSql(generated.expression, from, to) } }),
  }
}

/** Its statements stay as they are: not every database changes them, and none all of them. */
function renameInTrigger(trigger: Trigger, from: string, to: string): Trigger {
  const { columns, when } = trigger
  return {
    ...trigger,
    ...(columns === undefined ? {} : { columns: swap(columns, from, to) }),
    ...(when === undefined ? {} : { when: renameInSql(when, from, to) }),
  }
}

export function swap(list: readonly string[], from: string, to: string): readonly string[] {
  return list.map((each) => (each === from ? to : each))
}
