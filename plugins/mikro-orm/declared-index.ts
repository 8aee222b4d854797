/** Indexes and unique constraints of one table in the neutral spelling. */
import type { DatabaseTable, IndexDef } from '@mikro-orm/sql'
import type { Deferrable, Index, IndexColumn, IndexPart, UniqueConstraint } from '../../src/schema/schema.ts'
import type { ColumnContext } from './declared-column.ts'
import type { Writing } from './writing.ts'

export function declaredUniques(table: DatabaseTable, writing: Writing): readonly UniqueConstraint[] {
  const beside = table
    .getColumns()
    .filter(({ autoincrement, primary }) => writing.autoincrementUnique && autoincrement && !primary)
    .map(({ name }) => ({ name, columns: [name] }))
  const uniques = structured(table)
    .filter((index) => isConstraint(index, writing))
    .map(({ keyName, columnNames, deferMode }) => ({
      name: keyName,
      columns: columnNames,
      ...(writing.uniqueConstraints && deferMode && { deferrable: deferrable(deferMode) }),
    }))
  return [...beside, ...uniques]
}

export function declaredIndexes(table: DatabaseTable, context: ColumnContext): readonly Index[] {
  const { writing } = context
  return structured(table)
    .filter((index) => !isConstraint(index, writing) && !isFreeText(index, writing))
    .map((index) => declaredIndex(index, context))
}

export function declaredIndex(index: IndexDef, { writing, places }: ColumnContext): Index {
  const method = methodOf(index, writing)
  const extra = writing.indexExtra(index)
  return {
    name: index.keyName,
    columns: index.columnNames.map((name) => columnOf(name, index, writing)),
    ...(index.unique && { unique: true }),
    ...(index.where && { where: places.spell(index.where) }),
    ...(method && { method }),
    ...(writing.indexOptions && index.include?.length && { include: index.include }),
    ...(extra && { extra }),
  }
}

export function deferrable(mode: string): Deferrable {
  return mode === 'deferred' ? 'initially deferred' : 'initially immediate'
}

function structured(table: DatabaseTable): readonly IndexDef[] {
  return table.getIndexes().filter((index) => !index.primary && isStructured(index))
}

/** MikroORM writes the others (`expression`, paths into JSON) as SQL: only what the database makes of it can be read. */
export function isStructured({ expression, columnNames }: IndexDef): boolean {
  return !expression && !columnNames.some(isJsonPath)
}

function isJsonPath(column: string): boolean {
  return column.includes('.')
}

function isConstraint(index: IndexDef, writing: Writing): boolean {
  if (!index.unique) return false
  if (writing.uniqueConstraints) return index.constraint
  return !index.where && index.columnNames.every((name) => typeof columnOf(name, index, writing) === 'string')
}

function isFreeText(index: IndexDef, writing: Writing): boolean {
  if (index.type === 'fulltext') return writing.fulltext === 'expression'
  return index.where !== undefined && writing.partialIndexes === 'expression'
}

function methodOf({ type }: IndexDef, writing: Writing): string | undefined {
  if (typeof type !== 'string') return undefined
  const method = type.toLowerCase()
  if (method === 'fulltext') return writing.fulltext === 'method' ? method : undefined
  return writing.indexOptions && method !== 'btree' && method !== '' ? method : undefined
}

function columnOf(name: string, index: IndexDef, writing: Writing): IndexColumn {
  const options = index.columns?.find((column) => column.name === name)
  const nulls = (['first', 'last'] as const).find((place) => place === options?.nulls?.toLowerCase())
  const part: IndexPart = {
    column: name,
    ...(options?.sort?.toLowerCase() === 'desc' && { order: 'desc' }),
    ...(writing.indexOptions && nulls && { nulls }),
    ...(options?.collation && { collation: options.collation }),
    ...(writing.prefixLengths && options?.length && { length: options.length }),
  }
  return Object.keys(part).length === 1 ? name : part
}
