/**
 * What `reflect` will say of tables once the statements have run that create them, without running any. Whatever a statement says that
 * has no rule here makes its table unforeseen: then it is built.
 */
import type { WantedStatement } from '../../src/dialect.ts'
import type { Check, Column, ForeignKey, Index, Table, UniqueConstraint } from '../../src/schema/schema.ts'
import { type StatementReader, Unforeseen, readNames, statementReader } from '../statement-reader.ts'
import { type ForeseenColumn, foreseenCheck, foreseenColumn } from './foreseen-column.ts'

/** Under the names of tables; those of which anything is not certain are left out. */
export function foresee(create: readonly WantedStatement[]): ReadonlyMap<string, Table> {
  const found = new Map<string, Table>()
  const byTable = Map.groupBy(create, ({ table }) => table)
  for (const [name, statements] of byTable) {
    const table = name === undefined ? undefined : foreseeTable(name, statements)
    if (table) found.set(table.name, table)
  }
  return withoutClashes(found, [...byTable.keys()])
}

const maxBytes = 63

/**
 * The server cuts long names, makes up another where one is taken, and takes none twice. All of a schema's tables, indexes and
 * sequences share their names.
 */
function withoutClashes(
  tables: ReadonlyMap<string, Table>,
  all: readonly (string | undefined)[],
): ReadonlyMap<string, Table> {
  const uses = new Map<string, number>()
  const count = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1)
  for (const name of all) if (name !== undefined && !tables.has(name)) count(name)
  const namesOf = new Map([...tables].map(([name, table]) => [name, namesIn(table)]))
  for (const names of namesOf.values()) names.relations.forEach(count)
  const isCertain = (name: string): boolean => {
    const { relations = [], constraints = [], columns = [] } = namesOf.get(name) ?? {}
    return (
      new Set(constraints).size === constraints.length &&
      relations.every((each) => uses.get(each) === 1) &&
      [...relations, ...constraints, ...columns].every((each) => Buffer.byteLength(each) <= maxBytes)
    )
  }
  return new Map([...tables].filter(([name]) => isCertain(name)))
}

interface Names {
  readonly relations: readonly string[]
  readonly constraints: readonly string[]
  readonly columns: readonly string[]
}

function namesIn({ name, columns, primaryKey, uniques, indexes, foreignKeys, checks }: Table): Names {
  const named = (
    ...lists: readonly (readonly { readonly name?: string }[] | undefined)[]
  ): readonly string[] => lists.flatMap((list = []) => list.flatMap((each) => each.name ?? []))
  const keys = primaryKey ? [primaryKey] : []
  return {
    relations: [name, ...named(keys, uniques, indexes)],
    constraints: named(keys, uniques, foreignKeys, checks),
    columns: named(columns),
  }
}

interface Draft {
  readonly columns: Map<string, Column>
  primaryKey: Table['primaryKey']
  readonly uniques: UniqueConstraint[]
  readonly indexes: Index[]
  readonly foreignKeys: ForeignKey[]
  readonly checks: Check[]
  comment: string | undefined
}

function foreseeTable(name: string, statements: readonly WantedStatement[]): Table | undefined {
  const draft: Draft = {
    columns: new Map(),
    primaryKey: undefined,
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    comment: undefined,
  }
  try {
    for (const { sql } of statements) readStatement(statementReader(sql), name, draft)
  } catch (error) {
    if (error instanceof Unforeseen) return undefined
    throw error
  }
  const { columns, primaryKey, uniques, indexes, foreignKeys, checks, comment } = draft
  const key = new Set(primaryKey?.columns)
  if (columns.size === 0 || [...key].some((column) => !columns.has(column))) return undefined
  return {
    name,
    // The server makes the columns of a primary key not null.
    columns: [...columns.values()].map(({ nullable, ...column }) => ({
      ...column,
      ...(nullable && !key.has(column.name) && { nullable }),
    })),
    ...(primaryKey && { primaryKey }),
    ...(uniques.length > 0 && { uniques: byName(uniques) }),
    ...(indexes.length > 0 && { indexes: byName(indexes) }),
    ...(foreignKeys.length > 0 && { foreignKeys: byName(foreignKeys) }),
    ...(checks.length > 0 && { checks: byName(checks) }),
    ...(comment !== undefined && { comment }),
  }
}

function readStatement(reader: StatementReader, table: string, draft: Draft): void {
  const own = (): void => {
    if (reader.take('name') !== table) throw new Unforeseen(table)
  }
  if (reader.skip('create table')) {
    own()
    if (draft.columns.size > 0) throw new Unforeseen(table)
    readTable(reader, table, draft)
  } else if (reader.skip('create index')) readIndex(reader, own, draft, {})
  else if (reader.skip('create unique index')) readIndex(reader, own, draft, { unique: true })
  else if (reader.skip('alter table')) {
    own()
    readConstraint(reader, draft)
  } else if (reader.skip('comment on table')) {
    own()
    reader.expect('is')
    draft.comment = commentText(reader)
  } else if (reader.skip('comment on column')) {
    own()
    reader.expect('.')
    const column = draft.columns.get(reader.take('name'))
    reader.expect('is')
    if (!column) throw new Unforeseen(table)
    draft.columns.set(column.name, { ...column, comment: commentText(reader) })
  } else throw new Unforeseen(table)
  reader.end()
}

/** An empty one is none. */
function commentText(reader: StatementReader): string {
  const text = reader.take('string')
  if (text === '') throw new Unforeseen('comment')
  return text
}

function readTable(reader: StatementReader, table: string, draft: Draft): void {
  reader.expect('(')
  const setKey = (key: NonNullable<Table['primaryKey']>): void => {
    if (draft.primaryKey) throw new Unforeseen(table)
    draft.primaryKey = key
  }
  do {
    if (reader.skip('constraint')) {
      const name = reader.take('name')
      reader.expect('primary key')
      setKey({ name, columns: readNames(reader) })
    } else if (reader.skip('primary key')) setKey({ name: `${table}_pkey`, columns: readNames(reader) })
    else {
      const { column, isKey }: ForeseenColumn = foreseenColumn(reader)
      if (draft.columns.has(column.name)) throw new Unforeseen(column.name)
      draft.columns.set(column.name, column)
      if (isKey) setKey({ name: `${table}_pkey`, columns: [column.name] })
    }
  } while (reader.skip(','))
  reader.expect(')')
}

function readIndex(
  reader: StatementReader,
  own: () => void,
  { columns: known, indexes }: Draft,
  more: Pick<Index, 'unique'>,
): void {
  const name = reader.take('name')
  reader.expect('on')
  own()
  const columns = readNames(reader)
  if (columns.some((column) => !known.has(column))) throw new Unforeseen(name)
  indexes.push({ name, columns, ...more })
}

function readConstraint(reader: StatementReader, draft: Draft): void {
  reader.expect('add constraint')
  const name = reader.take('name')
  if (reader.skip('unique')) {
    const columns = readNames(reader)
    draft.uniques.push({ name, columns, ...readDeferrable(reader) })
  } else if (reader.skip('foreign key')) draft.foreignKeys.push(readForeignKey(reader, name))
  else {
    const expression = foreseenCheck(reader, (column) => {
      const type = draft.columns.get(column)?.type
      return typeof type === 'object' ? type.sql : undefined
    })
    draft.checks.push({ name, expression })
  }
}

function readForeignKey(reader: StatementReader, name: string): ForeignKey {
  const columns = readNames(reader)
  reader.expect('references')
  const table = reader.take('name')
  const referenced = readNames(reader)
  const onUpdate = reader.skip('on update') ? readRule(reader) : undefined
  const onDelete = reader.skip('on delete') ? readRule(reader) : undefined
  return {
    name,
    columns,
    references: { table, columns: referenced },
    ...(onDelete && { onDelete }),
    ...(onUpdate && { onUpdate }),
    ...readDeferrable(reader),
  }
}

function readRule(reader: StatementReader): ForeignKey['onDelete'] {
  if (reader.skip('no action')) return undefined
  const rule = (['cascade', 'set null', 'set default', 'restrict'] as const).find((words) =>
    reader.skip(words),
  )
  if (!rule) throw new Unforeseen('rule')
  return rule
}

function readDeferrable(reader: StatementReader): Pick<UniqueConstraint, 'deferrable'> {
  if (reader.skip('deferrable initially deferred')) return { deferrable: 'initially deferred' }
  return reader.skip('deferrable initially immediate') ? { deferrable: 'initially immediate' } : {}
}

/** By code unit. */
function byName<T extends { readonly name?: string }>(list: readonly T[]): readonly T[] {
  return list.toSorted(({ name: a = '' }, { name: b = '' }) => (a < b ? -1 : 1))
}
