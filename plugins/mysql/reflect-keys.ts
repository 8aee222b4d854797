import type { ForeignKey, Index, IndexColumn, PrimaryKey, UniqueConstraint } from '../../src/schema/schema.ts'
import type { IndexRow, KeyRow, RuleRow } from './catalog.ts'
import { literal } from './literal.ts'
import type { Name } from './name.ts'
import { compareTexts } from './texts.ts'
import { unescaped } from './unescaped.ts'

interface Indexes {
  readonly primaryKey?: PrimaryKey
  readonly uniques: readonly UniqueConstraint[]
  readonly indexes: readonly Index[]
}

/** @param rows of one table, in the order of index and column */
export function readIndexes(name: Name, rows: readonly IndexRow[]): Indexes {
  const found = [...Map.groupBy(rows, (row) => row.name)].map(([index, parts]) =>
    readIndex(name, index, parts),
  )
  const primary = found.find((index) => index.name === 'PRIMARY')
  const others = found.filter((index) => index !== primary).sort(compareNames)
  const isConstraint = (index: Index): boolean => index.unique === true && index.columns.every(isPlain)
  return {
    ...(primary ? { primaryKey: primaryKeyIn(primary) } : {}),
    uniques: others
      .filter(isConstraint)
      .map((index) => ({ name: index.name, columns: index.columns.filter(isPlain), ...extraIn(index) })),
    indexes: others.filter((index) => !isConstraint(index)),
  }
}

function primaryKeyIn(index: Index): PrimaryKey {
  const { columns } = index
  return {
    columns: columns.flatMap(columnIn),
    ...(columns.every(isPlain) ? {} : { parts: columns }),
    ...extraIn(index),
  }
}

function extraIn({ extra }: Index): Pick<Index, 'extra'> {
  return extra === undefined ? {} : { extra }
}

function columnIn(part: IndexColumn): readonly string[] {
  if (typeof part === 'string') return [part]
  return 'column' in part ? [part.column] : []
}

function isPlain(part: IndexColumn): part is string {
  return typeof part === 'string'
}

function readIndex(name: Name, index: string, rows: readonly IndexRow[]): Index {
  const [first] = rows
  const method = first?.type.toLowerCase() ?? 'btree'
  const extra = extraOf(first)
  return {
    name: index,
    columns: rows.map((row) => readPart(name, row, method)),
    ...(first?.nonUnique === 0 ? { unique: true } : {}),
    ...(method === 'btree' ? {} : { method }),
    ...(extra === '' ? {} : { extra }),
  }
}

/** That queries do not use it, in each server's word, and the comment. */
function extraOf({ IS_VISIBLE, IGNORED, INDEX_COMMENT = '' }: Partial<IndexRow> = {}): string {
  const words = [
    ...(IS_VISIBLE === 'NO' ? ['invisible'] : []),
    ...(IGNORED === 'YES' ? ['ignored'] : []),
    ...(INDEX_COMMENT === '' ? [] : [`comment ${literal(INDEX_COMMENT)}`]),
  ]
  return words.join(' ')
}

function readPart(name: Name, row: IndexRow, method: string): IndexColumn {
  const order = row.direction === 'D' ? ({ order: 'desc' } as const) : {}
  if (row.column === null) {
    const expression = row.expression ?? ''
    return { sql: name === 'mysql' ? unescaped(expression) : expression, ...order }
  }
  // A spatial index says how many bytes of its own it takes.
  const length = row.length !== null && method !== 'spatial' ? { length: row.length } : {}
  const isWhole = Object.keys({ ...order, ...length }).length === 0
  return isWhole ? row.column : { column: row.column, ...order, ...length }
}

/** `restrict` and `no action` are one thing to InnoDB; the servers differ in which they say when none was. */
export function readForeignKeys({
  keys,
  rules,
}: {
  readonly keys: readonly KeyRow[]
  readonly rules: readonly RuleRow[]
}): readonly ForeignKey[] {
  const ruleOf = new Map(rules.map((rule) => [rule.name, rule]))
  return [...Map.groupBy(keys, ({ name }) => name)]
    .map(([name, rows]): ForeignKey => {
      const rule = ruleOf.get(name)
      const onDelete = effects[rule?.onDelete ?? '']
      const onUpdate = effects[rule?.onUpdate ?? '']
      return {
        name,
        columns: rows.map(({ column }) => column),
        references: { table: otherTable(rows), columns: rows.map(({ otherColumn }) => otherColumn) },
        ...(onDelete ? { onDelete } : {}),
        ...(onUpdate ? { onUpdate } : {}),
      }
    })
    .sort(compareNames)
}

const effects: Readonly<Record<string, 'cascade' | 'set null' | 'set default'>> = {
  CASCADE: 'cascade',
  'SET NULL': 'set null',
  'SET DEFAULT': 'set default',
}

function otherTable([first]: readonly KeyRow[]): string {
  const { otherDatabase = null, otherTable = '' } = first ?? {}
  return otherDatabase === null ? otherTable : `${otherDatabase}.${otherTable}`
}

function compareNames(a: { readonly name?: string }, b: { readonly name?: string }): number {
  return compareTexts(a.name ?? '', b.name ?? '')
}
