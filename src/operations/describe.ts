/** Operations as a person would name them in a line. */
import type { Operation, OperationKind, OperationOf } from './operation.ts'

/** `addColumn users.address` */
export function describeOperation(operation: Operation): string {
  return `${operation.kind} ${objectOf(operation)}`
}

/** What it changes: `users`, `users.email`, `users.users_email_unique`. */
export function objectOf(operation: Operation): string {
  // The table of functions is indexed by the operation's own kind.
  const name = names[operation.kind] as (operation: Operation) => string
  return name(operation)
}

const names: { [K in OperationKind]: (operation: OperationOf<K>) => string } = {
  createTable: ({ table }) => table.name,
  dropTable: ({ table }) => table,
  renameTable: ({ table }) => table,
  addColumn: ({ table, column }) => `${table}.${column.name}`,
  dropColumn: ({ table, column }) => `${table}.${column}`,
  alterColumn: ({ table, column }) => `${table}.${column}`,
  renameColumn: ({ table, column }) => `${table}.${column}`,
  createIndex: ({ table, index }) => `${table}.${index.name}`,
  dropIndex: ({ table, index }) => `${table}.${index}`,
  createPrimaryKey: ({ table, primaryKey }) => `${table}.${primaryKey.name ?? 'primary key'}`,
  createUniqueConstraint: ({ table, unique }) => `${table}.${unique.name ?? unique.columns.join('_')}`,
  createForeignKey: ({ table, foreignKey }) => `${table}.${foreignKey.name ?? foreignKey.columns.join('_')}`,
  createCheckConstraint: ({ table, check }) => `${table}.${check.name ?? check.column ?? 'check'}`,
  dropConstraint: ({ table, name, type }) => `${table}.${name ?? type}`,
  execute: ({ sql }) => sql,
}
