/** Unique constraints and indexes of one table. A named unique index of plain columns is a unique constraint here. */
import type { Index, IndexColumn, Table, UniqueConstraint } from '../../src/schema/schema.ts'
import type { IndexRow } from './catalog.ts'
import { type CreateText, sameNames } from './create-text.ts'
import { expressionText, type Names } from './expression.ts'
import { parseIndex, whereOf } from './index-text.ts'
import { collationOf, keyParts } from './reflect-table.ts'
import { sorted } from './sorted.ts'
import { nameOf, unwrap } from './tokens.ts'

/** @param texts create texts by the index's name */
export function uniques(
  rows: readonly IndexRow[],
  create: CreateText,
  texts: ReadonlyMap<string, string>,
): Pick<Table, 'uniques'> {
  const inline = byIndex(rows, ({ origin }) => origin === 'u').map((keys): UniqueConstraint => {
    const columns = keys.flatMap(({ column }) => (column === null ? [] : [column]))
    const clause = create.clauses.find((each) => each.kind === 'unique' && sameNames(each.columns, columns))
    return {
      ...(clause?.name === undefined ? {} : { name: clause.name }),
      columns,
      ...keyParts(keys, clause, create),
    }
  })
  const named = all(rows, create, texts)
    .filter(isConstraint)
    .map(({ name, columns }) => ({ name, columns }))
  const found = [...inline, ...named]
  const order = ({ name = '', columns }: UniqueConstraint): string => [name, ...columns].join('\0')
  return found.length > 0 ? { uniques: sorted(found, order) } : {}
}

export function indexes(
  rows: readonly IndexRow[],
  create: CreateText,
  texts: ReadonlyMap<string, string>,
): Pick<Table, 'indexes'> {
  const found = all(rows, create, texts).filter((index) => !isConstraint(index))
  return found.length > 0 ? { indexes: sorted(found, ({ name }) => name) } : {}
}

function all(
  rows: readonly IndexRow[],
  create: CreateText,
  texts: ReadonlyMap<string, string>,
): readonly Index[] {
  return byIndex(rows, ({ origin }) => origin === 'c').flatMap((keys): readonly Index[] => {
    const [first] = keys
    if (!first) return []
    const text = parseIndex(texts.get(first.index) ?? '')
    const where = whereOf(text, namesIn(create))
    return [
      {
        name: first.index,
        columns: keys.map((key, at) => indexColumn(key, text.keys[at], create)),
        ...(first.unique ? { unique: true } : {}),
        ...(where === undefined ? {} : { where }),
      },
    ]
  })
}

function indexColumn(
  { column, desc, coll }: IndexRow,
  text: ReturnType<typeof parseIndex>['keys'][number] | undefined,
  create: CreateText,
): IndexColumn {
  const usual = column === null ? 'binary' : collationOf(create, column)
  const collation = column === null ? (text?.collation ?? 'binary') : coll.toLowerCase()
  const options = {
    ...(desc ? { order: 'desc' as const } : {}),
    ...(collation === usual ? {} : { collation }),
  }
  if (column === null)
    return { sql: expressionText(unwrap(text?.expression ?? []), namesIn(create)), ...options }
  return Object.keys(options).length === 0 ? column : { column, ...options }
}

function namesIn({ name, columns }: CreateText): Names {
  return { table: nameOf(name), columns: columns.map((column) => column.name) }
}

function isConstraint(index: Index): index is Index & { readonly columns: readonly string[] } {
  return (
    index.unique === true &&
    index.where === undefined &&
    index.columns.every((each) => typeof each === 'string')
  )
}

function byIndex(
  rows: readonly IndexRow[],
  test: (row: IndexRow) => boolean,
): readonly (readonly IndexRow[])[] {
  return [...Map.groupBy(rows.filter(test), ({ index }) => index).values()]
}
