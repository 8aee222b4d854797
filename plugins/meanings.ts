/** What PostgreSQL alone can say of keys and constraints: left out, it would be another key. */
import { AludelError } from '../src/errors.ts'
import type { Operation, OperationKind, OperationOf } from '../src/operations/operation.ts'
import type { ForeignKey, Index, PrimaryKey, Table, UniqueConstraint } from '../src/schema/schema.ts'

/** @throws {AludelError} NOT_SUPPORTED before another thing is made than what was asked for */
export function checkMeanings(title: string, operation: Operation): void {
  const [word] = wordsOf(operation)
  if (word === undefined) return
  throw new AludelError('NOT_SUPPORTED', `op.${operation.kind} is not possible on ${title}: ${word}.`, {
    fix: 'Leave that out where the database is this one.',
    details: { kind: operation.kind },
  })
}

function wordsOf<K extends OperationKind>(operation: OperationOf<K>): readonly string[] {
  return words[operation.kind]?.(operation) ?? []
}

const words: { readonly [K in OperationKind]?: (operation: OperationOf<K>) => readonly string[] } = {
  createTable: ({ table }) => ofTable(table),
  createPrimaryKey: ({ primaryKey }) => ofKey(primaryKey),
  createUniqueConstraint: ({ unique }) => ofKey(unique),
  createIndex: ({ index }) => ofKey(index),
  createForeignKey: ({ foreignKey }) => ofForeignKey(foreignKey),
}

function ofTable({ primaryKey, uniques = [], indexes = [], foreignKeys = [] }: Table) {
  return [
    ...[...(primaryKey ? [primaryKey] : []), ...uniques, ...indexes].flatMap(ofKey),
    ...foreignKeys.flatMap(ofForeignKey),
  ]
}

function ofKey(key: PrimaryKey | UniqueConstraint | Index): readonly string[] {
  const name = key.name ?? 'a key'
  return [
    ...('nullsNotDistinct' in key && key.nullsNotDistinct
      ? [`two nulls are alike in ${name} (\`nullsNotDistinct\`)`]
      : []),
    ...('period' in key && key.period ? [`${name} is for a period`] : []),
  ]
}

function ofForeignKey(key: ForeignKey): readonly string[] {
  const name = key.name ?? `the foreign key of ${key.columns.join(', ')}`
  return [
    ...(key.match ? [`${name} is null as a whole or not at all (\`match\`)`] : []),
    ...(key.onDeleteColumns ? [`${name} writes some of its columns (\`onDeleteColumns\`)`] : []),
    ...(key.period ? [`${name} is for a period`] : []),
    ...(isNotEnforced(key) ? [`${name} is not enforced`] : []),
  ]
}

function isNotEnforced({ extra = '' }: { readonly extra?: string }): boolean {
  return /\bnot enforced\b/i.test(extra)
}
