import type { Table } from '../../schema/schema.ts'
import { type ConstraintRef, type ConstraintType, isMeant, refKeys } from '../constraint-ref.ts'
import type { Definition } from '../definition.ts'
import { irreversible, tableBefore } from '../irreversible.ts'
import { needKeys, needTable } from '../needs.ts'
import type { Operation } from '../operation.ts'
import { changeTable } from '../shape.ts'
import { tidy } from '../tidy.ts'

export const definition: Definition<'dropConstraint'> = {
  record: (table, constraint) => ({ table, ...constraint }),
  values: ({ kind: _, table, ...ref }) => [table, ref],
  check: (operation) => {
    const { kind: _, table: __, ...ref } = operation
    needTable(operation)
    needKeys(operation, ref, refKeys)
  },
  apply: (schema, { kind: _, table, ...ref }) =>
    changeTable(schema, table, (found) => drops[ref.type](found, ref)),
  inverse: ({ kind: _, table, ...ref }, before) => {
    const created = creations[ref.type](tableBefore(before, table), ref)
    if (created) return [created]
    throw irreversible(`constraint ${ref.name ?? ref.type} of ${table}`)
  },
  object: ({ table, name, type }) => `${table}.${name ?? type}`,
}

const drops: Record<ConstraintType, (table: Table, ref: ConstraintRef) => Table> = {
  primary: (table) => tidy({ ...table, primaryKey: undefined }),
  unique: (table, ref) => tidy({ ...table, uniques: others(table.uniques, ref) }),
  foreignKey: (table, ref) => tidy({ ...table, foreignKeys: others(table.foreignKeys, ref) }),
  check: (table, ref) => tidy({ ...table, checks: others(table.checks, ref) }),
}

function others<T extends Parameters<typeof isMeant>[1]>(
  list: readonly T[] | undefined,
  ref: ConstraintRef,
): readonly T[] | undefined {
  return list?.filter((constraint) => !isMeant(ref, constraint))
}

const creations: Record<ConstraintType, (table: Table, ref: ConstraintRef) => Operation | undefined> = {
  primary: ({ name: table, primaryKey }) => primaryKey && { kind: 'createPrimaryKey', table, primaryKey },
  unique: ({ name: table, uniques }, ref) => {
    const unique = uniques?.find((each) => isMeant(ref, each))
    return unique && { kind: 'createUniqueConstraint', table, unique }
  },
  foreignKey: ({ name: table, foreignKeys }, ref) => {
    const foreignKey = foreignKeys?.find((each) => isMeant(ref, each))
    return foreignKey && { kind: 'createForeignKey', table, foreignKey }
  },
  check: ({ name: table, checks }, ref) => {
    const check = checks?.find((each) => isMeant(ref, each))
    return check && { kind: 'createCheckConstraint', table, check }
  },
}
