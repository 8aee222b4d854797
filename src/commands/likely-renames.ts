/** What went and what came that may be one thing under a new name. Nothing is decided here. */
import { isDeepStrictEqual } from 'node:util'
import { type Column, type Schema, type Table, enumNamed, tableNamed } from '../schema/schema.ts'
import { columnValues } from './column-values.ts'
import type { Renamable } from './rename.ts'

/** What went, and what it may be called now: never empty, and in no order of likelihood. */
export type RenameQuestion = Renamable & { readonly candidates: readonly string[] }

/** Tables before columns before indexes: what was renamed of a thing is known only when it is known under which name it goes on. */
export function likelyRenames(from: Schema, to: Schema): readonly RenameQuestion[] {
  const all = (schema: Schema, other: Schema): readonly Table[] =>
    Object.values(schema.tables).filter(({ name }) => !tableNamed(other, name))
  const [gone, come] = [all(from, to), all(to, from)]
  const tables = gone.map((table): RenameQuestion => ({
    table: table.name,
    candidates: come.filter((each) => areNearlyAlike(table, each)).map(({ name }) => name),
  }))
  const inTables = (questions: (table: Table, wanted: Table) => readonly RenameQuestion[]) =>
    Object.values(from.tables).flatMap((table) => {
      const wanted = tableNamed(to, table.name)
      return wanted ? questions(table, wanted) : []
    })
  const values = Object.values(from.enums ?? {}).flatMap(({ name, items }): RenameQuestion[] => {
    const wanted = enumNamed(to, name)?.items
    const candidates = wanted?.filter((item) => !items.includes(item)) ?? []
    return wanted
      ? items.filter((item) => !wanted.includes(item)).map((value) => ({ enum: name, value, candidates }))
      : []
  })
  return [
    ...tables,
    ...values,
    ...inTables(columnQuestions),
    ...inTables(valueQuestions),
    ...inTables(indexQuestions),
  ].filter(({ candidates }) => candidates.length > 0)
}

export function isSameQuestion(one: RenameQuestion, other: RenameQuestion): boolean {
  const [a, b] = [one, other].map(({ candidates: _, ...what }) => what)
  return isDeepStrictEqual(a, b)
}

function columnQuestions(table: Table, wanted: Table): readonly RenameQuestion[] {
  const missing = (columns: readonly Column[], among: readonly Column[]): readonly Column[] =>
    columns.filter(({ name }) => !among.some((each) => each.name === name))
  const come = missing(wanted.columns, table.columns)
  return missing(table.columns, wanted.columns).map((column) => ({
    table: table.name,
    column: column.name,
    candidates: come.filter((each) => isLikely(column, each)).map(({ name }) => name),
  }))
}

/** Values of a column that keeps its name. */
function valueQuestions(table: Table, wanted: Table): readonly RenameQuestion[] {
  return table.columns.flatMap(({ name: column }): RenameQuestion[] => {
    const [old, come] = [columnValues(table, column), columnValues(wanted, column)]
    const candidates = come.filter((value) => !old.includes(value))
    // One that takes any value loses none.
    const gone = come.length === 0 || old.length === 0 ? [] : old.filter((value) => !come.includes(value))
    return gone.map((value) => ({ table: table.name, column, value, candidates }))
  })
}

/** The same index, or the same unique constraint, under another name. */
function indexQuestions(table: Table, wanted: Table): readonly RenameQuestion[] {
  const questions = <T extends { readonly name?: string }>(
    old: readonly T[] = [],
    come: readonly T[] = [],
  ): RenameQuestion[] => {
    const missing = (list: readonly T[], among: readonly T[]): readonly T[] =>
      list.filter(({ name }) => name !== undefined && !among.some((each) => each.name === name))
    return missing(old, come).flatMap((index) => {
      const alike = missing(come, old).filter((each) =>
        isDeepStrictEqual({ ...each, name: '' }, { ...index, name: '' }),
      )
      const candidates = alike.flatMap(({ name }) => name ?? [])
      return index.name === undefined ? [] : [{ table: table.name, index: index.name, candidates }]
    })
  }
  return [...questions(table.indexes, wanted.indexes), ...questions(table.uniques, wanted.uniques)]
}

/** The type tells, whatever its size; of another type only a name of which one holds the other. */
function isLikely(old: Column, wanted: Column): boolean {
  return typeName(old) === typeName(wanted) || holds(old.name, wanted.name) || holds(wanted.name, old.name)
}

function typeName({ type }: Column): string {
  return (typeof type === 'string' ? type : type.sql).replace(/\([^()]*\)/g, '').toLowerCase()
}

function holds(name: string, part: string): boolean {
  const [whole, piece] = [name, part].map((each) => each.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  return whole !== undefined && piece !== undefined && piece.length > 2 && whole.includes(piece)
}

/** Two thirds of their columns are the same by name and type. */
function areNearlyAlike(one: Table, other: Table): boolean {
  const shared = one.columns.filter((column) =>
    other.columns.some((each) => each.name === column.name && typeName(each) === typeName(column)),
  )
  return shared.length * 3 >= one.columns.length + other.columns.length
}
