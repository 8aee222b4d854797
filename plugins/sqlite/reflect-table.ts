/** Columns, primary key, foreign keys and checks of one table, as the contract wants them. */
import type {
  Check,
  Column,
  ForeignKey,
  IndexColumn,
  KeyParts,
  Rule,
  Table,
} from '../../src/schema/schema.ts'
import type { ColumnRow, ForeignKeyRow, IndexRow } from './catalog.ts'
import type { Clause, ClauseKind } from './clauses.ts'
import { type CreateText, findColumn, sameName } from './create-text.ts'
import { expressionText, plainText } from './expression.ts'
import { literal } from './literal.ts'
import { sorted } from './sorted.ts'
import { nameOf, tokenize, unwrap } from './tokens.ts'

export function columns(rows: readonly ColumnRow[], create: CreateText): readonly Column[] {
  const names = { table: nameOf(create.name), columns: rows.map(({ name }) => name) }
  return rows.map((row): Column => {
    const { name, dflt_value } = row
    const column = findColumn(create, name)
    const find = (kind: ClauseKind): Clause | undefined =>
      column?.clauses.find((clause) => clause.kind === kind)
    const generated = find('generated')
    const collation = collationOf(create, name)
    return {
      name,
      type: { sql: typeText(column?.type ?? row.type) },
      ...nullability(row, { generated, notNull: find('not null') }, create),
      ...(dflt_value === null || /^null$/i.test(dflt_value)
        ? {}
        : { default: { sql: defaultText(dflt_value) } }),
      ...(isAutoincrement(create, name) ? { autoincrement: true } : {}),
      ...(generated
        ? {
            generated: {
              expression: expressionText(unwrap(generated.body), names),
              stored: generated.stored ?? false,
            },
          }
        : {}),
      ...(collation === 'binary' ? {} : { collation }),
    }
  })
}

function typeText(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s*([(,])\s*/g, '$1')
    .replace(/\s+\)/g, ')')
}

/** A string in the quotes of a name is one all the same: no name is constant. */
function defaultText(sql: string): string {
  const tokens = tokenize(sql)
  const [first] = tokens
  return tokens.length === 1 && first?.kind === 'name' && first.text.startsWith('"')
    ? literal(nameOf(first))
    : plainText(tokens)
}

/** A row's own id is never null, whatever the text says; `not null` is rare beside a generated column, so it is an extra. */
function nullability(
  { name, notnull }: ColumnRow,
  { generated, notNull }: { readonly generated: Clause | undefined; readonly notNull: Clause | undefined },
  { rowidColumn }: CreateText,
): Pick<Column, 'nullable' | 'extra'> {
  if (notnull === 0) return rowidColumn !== undefined && sameName(rowidColumn, name) ? {} : { nullable: true }
  const words = [...(generated ? ['not null'] : []), ...(notNull?.conflict ? [notNull.conflict] : [])]
  return words.length > 0 ? { extra: words.join(' ') } : {}
}

/** Lower case; `binary` when nothing is said. */
export function collationOf(create: CreateText, name: string): string {
  const [token] = findColumn(create, name)?.clauses.find(({ kind }) => kind === 'collate')?.body ?? []
  return token ? nameOf(token).toLowerCase() : 'binary'
}

function isAutoincrement({ clauses }: CreateText, name: string): boolean {
  return clauses.some(({ autoincrement, columns }) => autoincrement && sameName(columns[0] ?? '', name))
}

export function primaryKey(
  rows: readonly ColumnRow[],
  indexRows: readonly IndexRow[],
  create: CreateText,
): Pick<Table, 'primaryKey'> {
  const keys = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  if (keys.length === 0) return {}
  const clause = create.clauses.find(({ kind }) => kind === 'primary key')
  const index = indexRows.filter(({ origin }) => origin === 'pk')
  return {
    primaryKey: {
      ...(clause?.name === undefined ? {} : { name: clause.name }),
      columns: keys.map((key) => key.name),
      ...keyParts(index, clause, create),
    },
  }
}

/** @param rows of the index that SQLite keeps for the key; a row's own id needs none */
export function keyParts(
  rows: readonly IndexRow[],
  clause: Clause | undefined,
  create: CreateText,
): KeyParts {
  const parts = rows.map(({ column, desc, coll }): IndexColumn => {
    const collation = coll.toLowerCase()
    const said = {
      ...(desc ? { order: 'desc' as const } : {}),
      ...(collation === collationOf(create, column ?? '') ? {} : { collation }),
    }
    return Object.keys(said).length === 0 ? (column ?? '') : { column: column ?? '', ...said }
  })
  return {
    ...(parts.some((part) => typeof part === 'object') ? { parts } : {}),
    ...(clause?.conflict ? { extra: clause.conflict } : {}),
  }
}

/** @param primaryKeyOf the key's columns of another table */
export function foreignKeys(
  rows: readonly ForeignKeyRow[],
  { clauses }: CreateText,
  primaryKeyOf: (table: string) => readonly string[],
): Pick<Table, 'foreignKeys'> {
  const texts = clauses.filter(({ kind }) => kind === 'foreign key')
  const keys = [...Map.groupBy(rows, ({ id }) => id)].map(([id, parts]): ForeignKey => {
    // SQLite counts them backwards.
    const text = texts.at(-1 - id)
    const first = parts[0]
    const named = parts.flatMap(({ to }) => (to === null ? [] : [to]))
    const parent = first?.parent ?? ''
    const key = named.length > 0 ? named : primaryKeyOf(parent)
    const onDelete = ruleOf(first?.on_delete)
    const onUpdate = ruleOf(first?.on_update)
    return {
      ...(text?.name === undefined ? {} : { name: text.name }),
      columns: parts.map(({ from }) => from),
      // SQLite keeps a foreign key that can hold no row.
      references: { table: parent, columns: key.length === parts.length ? key : [] },
      ...(onDelete ? { onDelete } : {}),
      ...(onUpdate ? { onUpdate } : {}),
      ...(text?.deferrable ? { deferrable: text.deferrable } : {}),
    }
  })
  const order = ({ name = '', columns }: ForeignKey): string => [name, ...columns].join('\0')
  return keys.length > 0 ? { foreignKeys: sorted(keys, order) } : {}
}

function ruleOf(rule = ''): Exclude<Rule, 'no action'> | undefined {
  return (['cascade', 'set null', 'set default', 'restrict'] as const).find(
    (each) => each === rule.toLowerCase(),
  )
}

export function checks(create: CreateText): Pick<Table, 'checks'> {
  const names = { table: nameOf(create.name), columns: create.columns.map(({ name }) => name) }
  const found = create.parts.flatMap((part) =>
    part.clauses
      .filter(({ kind }) => kind === 'check')
      .map((clause): Check => ({
        ...(clause.name === undefined ? {} : { name: clause.name }),
        ...('name' in part ? { column: part.name } : {}),
        expression: expressionText(unwrap(clause.body), names),
      })),
  )
  const order = ({ name = '', column = '', expression }: Check): string =>
    `${name}\0${column}\0${JSON.stringify(expression)}`
  return found.length > 0 ? { checks: sorted(found, order) } : {}
}
