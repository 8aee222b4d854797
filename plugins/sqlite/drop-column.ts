/** Drops a column, with what concerns it alone. */
import type { Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Clause } from './clauses.ts'
import { sameName } from './create-text.ts'
import { removeClauses } from './edit.ts'
import { isIndex, parseIndex } from './index-text.ts'
import { quote } from './literal.ts'
import { rebuild } from './rebuild.ts'
import { columnOf, type Shape } from './shape.ts'
import { columnsUsed, type Token } from './tokens.ts'

/**
 * SQLite drops the column itself, so that it sees to views and triggers; its indexes go before, and where a constraint stands in
 * the way, a rebuild without it.
 * @throws {AludelError} NOT_SUPPORTED when something concerns another column too
 */
export function dropColumn(shape: Shape, name: string): readonly Statement[] {
  const { table, create } = shape
  const column = columnOf(shape, name)
  const names = create.columns.map((each) => each.name)
  const use = (tokens: readonly Token[]): Use => {
    const used = columnsUsed(tokens, names)
    if (!used.has(column.name.toLowerCase())) return 'none'
    return used.size === 1 ? 'alone' : 'shared'
  }
  const indexes = shape.dependents.filter(isIndex).map((sql) => {
    const { name: index, keys, where } = parseIndex(sql)
    return { sql, index, use: use([...keys.flatMap(({ expression }) => expression), ...where]) }
  })
  const clauses = create.clauses.map((clause) => ({ clause, use: useOf(clause, column.name, use) }))
  const shared = [
    ...indexes.filter((index) => index.use === 'shared').map(({ index }) => `index ${index}`),
    ...clauses.filter((each) => each.use === 'shared').map(({ clause }) => describe(clause)),
  ]
  if (shared.length > 0) {
    throw new AludelError(
      'NOT_SUPPORTED',
      `Column ${table.name}.${column.name} cannot be dropped: ${shared.join(', ')} would lose it and concerns another column too.`,
      {
        fix: 'Drop or change that first, in the same revision.',
        details: { table: table.name, column: column.name, shared },
      },
    )
  }
  const gone = indexes.filter((index) => index.use === 'alone')
  const standing = clauses
    .filter(
      (each) => each.use === 'alone' && !(column.clauses.includes(each.clause) && goesAlong(each.clause)),
    )
    .map(({ clause }) => clause)
  const dependents = shape.dependents.filter((sql) => !gone.some((index) => index.sql === sql))
  return [
    ...gone.map(({ index }) => ({ sql: `drop index ${quote(index)}` })),
    ...rebuild({ ...shape, dependents }, removeClauses(create, standing)),
    { sql: `alter table ${quote(table.name)} drop column ${quote(column.name)}` },
  ]
}

type Use = 'none' | 'alone' | 'shared'

function useOf(clause: Clause, column: string, use: (tokens: readonly Token[]) => Use): Use {
  const { kind, columns } = clause
  if (kind === 'check') return use(clause.body)
  if (kind === 'generated') {
    // Of another column, which cannot do without this one.
    return use(clause.body) !== 'none' && !sameName(columns[0] ?? '', column) ? 'shared' : 'none'
  }
  if (kind !== 'primary key' && kind !== 'unique' && kind !== 'foreign key') return 'none'
  if (!columns.some((each) => sameName(each, column))) return 'none'
  return columns.length === 1 ? 'alone' : 'shared'
}

/** Beside the column SQLite drops a check and a reference with it, a key not. */
function goesAlong({ kind }: Clause): boolean {
  return kind === 'check' || kind === 'foreign key'
}

function describe({ kind, name, columns }: Clause): string {
  if (kind === 'generated') return `generated column ${columns.join()}`
  if (name !== undefined) return `${kind} ${name}`
  return columns.length > 0 ? `${kind} (${columns.join(', ')})` : `a ${kind}`
}
