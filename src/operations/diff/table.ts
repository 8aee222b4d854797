/** A table that is on both sides. */
import { isDeepStrictEqual } from 'node:util'
import { columnKind } from '../../schema/column-kind.ts'
import {
  type Check,
  type Column,
  type ForeignKey,
  type Index,
  type Schema,
  type Table,
  type UniqueConstraint,
  tableNamed,
} from '../../schema/schema.ts'
import { refTo, refToPrimaryKey } from '../constraint-ref.ts'
import type { Operation, OperationOf } from '../operation.ts'
import { changedProperties, compareColumns } from './columns.ts'
import { compareLists, type Difference, withoutName, withoutValidation } from './lists.ts'

export interface TableChange {
  readonly dropForeignKeys: readonly Operation[]
  readonly drop: readonly Operation[]
  readonly columns: readonly Operation[]
  readonly create: readonly Operation[]
  readonly createForeignKeys: readonly Operation[]
}

/** Columns of a table that no foreign key may hold while they change. */
export interface Held {
  readonly table: string
  readonly columns: readonly string[]
}

export type RetypesKeys = 'any' | 'alike' | 'none'

/** Columns whose type changes to one that it cannot have beside a foreign key. */
export function retypedColumns(from: Schema, to: Schema, possible: RetypesKeys): readonly Held[] {
  const isPossible = (was: Column, column: Column): boolean =>
    possible === 'any' || (possible === 'alike' && isAlike(was, column))
  return Object.values(to.tables).flatMap(({ name: table, columns }) =>
    columns.flatMap((column) => {
      const was = tableNamed(from, table)?.columns.find(({ name }) => name === column.name)
      const isRetyped = was !== undefined && changedProperties(was, column).includes('type')
      return isRetyped && !isPossible(was, column) ? [{ table, columns: [column.name] }] : []
    }),
  )
}

/** Of one family; not of those that are told apart by no family. */
function isAlike(one: Column, other: Column): boolean {
  const { family } = columnKind(one)
  return family !== 'other' && family !== 'array' && family === columnKind(other).family
}

/** What a foreign key can refer to, and that is made anew. */
export function renewedKeys(from: Schema, to: Schema): readonly Held[] {
  return Object.values(to.tables).flatMap((wanted) => {
    const old = tableNamed(from, wanted.name)
    if (!old) return []
    const { gone } = compareLists<UniqueConstraint>(old.uniques, wanted.uniques)
    const keys = old.primaryKey && !isSameKey(old, wanted) ? [old.primaryKey, ...gone] : gone
    return keys.map(({ columns }) => ({ table: wanted.name, columns }))
  })
}

export interface TableOptions {
  /** Columns that a foreign key from or to them keeps from changing. */
  readonly retyped: readonly Held[]
  /** Keys that a foreign key to them keeps from going. */
  readonly renewed: readonly Held[]
  readonly typedExpressions: boolean
}

export function compareTables(
  old: Table,
  wanted: Table,
  { retyped, renewed, typedExpressions }: TableOptions,
): TableChange {
  const table = wanted.name
  const isHeld = ({ columns, references }: ForeignKey): boolean =>
    retyped.some(
      (held) =>
        (held.table === table && overlap(held.columns, columns)) ||
        (held.table === references.table && overlap(held.columns, references.columns)),
    ) ||
    renewed.some((held) => held.table === references.table && isSameSet(held.columns, references.columns))
  const foreignKeys = withoutValidation(withHeld(old.foreignKeys, wanted.foreignKeys, isHeld))
  const uniques = compareLists<UniqueConstraint>(old.uniques, wanted.uniques)
  const checks = withoutValidation(compareLists<Check>(old.checks, wanted.checks, withoutColumn))
  const indexes = compareLists<Index>(old.indexes, wanted.indexes)
  const isSame = isSameKey(old, wanted)
  const createPrimaryKey: readonly Operation[] =
    isSame || !wanted.primaryKey ? [] : [{ kind: 'createPrimaryKey', table, primaryKey: wanted.primaryKey }]
  const dropPrimaryKey: readonly Operation[] =
    isSame || !old.primaryKey ? [] : [{ kind: 'dropConstraint', table, ...refToPrimaryKey(old.primaryKey) }]
  const comment: readonly Operation[] =
    old.comment === wanted.comment
      ? []
      : [{ kind: 'setTableComment', table, comment: wanted.comment ?? null }]
  const changes = compareColumns(old, wanted, { typedExpressions })
  const columns = isSame ? { before: [], changes, after: [] } : withKey(changes)
  return {
    dropForeignKeys: foreignKeys.gone.map((key) => ({
      kind: 'dropConstraint',
      table,
      ...refTo('foreignKey', key),
    })),
    drop: [
      ...checks.gone.map((check): Operation => ({ kind: 'dropConstraint', table, ...refTo('check', check) })),
      ...uniques.gone.map((each): Operation => ({ kind: 'dropConstraint', table, ...refTo('unique', each) })),
      ...indexes.gone.map((index): Operation => ({ kind: 'dropIndex', table, index: index.name })),
      ...columns.before,
      ...dropPrimaryKey,
    ],
    columns: [...columns.changes, ...comment],
    create: [
      ...createPrimaryKey,
      ...columns.after,
      ...uniques.come.map((unique): Operation => ({ kind: 'createUniqueConstraint', table, unique })),
      ...indexes.come.map((index): Operation => ({ kind: 'createIndex', table, index })),
      ...checks.come.map((check): Operation => ({ kind: 'createCheckConstraint', table, check })),
    ],
    createForeignKeys: [
      ...foreignKeys.come.map((foreignKey): Operation => ({ kind: 'createForeignKey', table, foreignKey })),
      ...[...foreignKeys.validated, ...checks.validated].map((constraint): Operation => ({
        kind: 'validateConstraint',
        table,
        constraint,
      })),
    ],
  }
}

/** A check says the same beside its column and behind all columns. */
function withoutColumn({ column: _, ...check }: Check): Check {
  return check
}

function isSameKey(old: Table, wanted: Table): boolean {
  return isDeepStrictEqual(withoutName(old.primaryKey), withoutName(wanted.primaryKey))
}

/** A column counts only while the primary key is its own: it ends before the key goes, and begins after the key is there. */
function withKey(changes: readonly Operation[]) {
  const counting = changes.flatMap((operation): readonly OperationOf<'alterColumn'>[] => {
    if (operation.kind !== 'alterColumn' || operation.change.autoincrement === undefined) return []
    return [{ ...operation, change: { autoincrement: operation.change.autoincrement } }]
  })
  return {
    before: counting.filter(({ change }) => change.autoincrement === false),
    changes: changes.flatMap((operation): readonly Operation[] => {
      if (operation.kind !== 'alterColumn') return [operation]
      const { autoincrement: _, ...change } = operation.change
      return Object.keys(change).length === 0 ? [] : [{ ...operation, change }]
    }),
    after: counting.filter(({ change }) => change.autoincrement === true),
  }
}

/** What is held goes and comes back, though it is the same. */
function withHeld(
  old: readonly ForeignKey[] = [],
  wanted: readonly ForeignKey[] = [],
  isHeld: (key: ForeignKey) => boolean,
): Difference<ForeignKey> {
  const { gone, come } = compareLists<ForeignKey>(old, wanted)
  return {
    gone: old.filter((key) => gone.includes(key) || isHeld(key)),
    come: wanted.filter((key) => come.includes(key) || isHeld(key)),
  }
}

function overlap(one: readonly string[], other: readonly string[]): boolean {
  return one.some((each) => other.includes(each))
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each))
}
