import type { Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { sameName } from './create-text.ts'
import { applyEdits } from './edit.ts'
import { isIndex } from './index-text.ts'
import { quote } from './literal.ts'
import type { Shape } from './shape.ts'
import { is, nameOf, type Token, tokenize } from './tokens.ts'

/**
 * Makes an index again under another name, by its own text.
 * @throws {AludelError} SHAPE_UNKNOWN when there is none of that name
 */
export function renameIndex({ table, dependents }: Shape, index: string, to: string): readonly Statement[] {
  for (const sql of dependents.filter(isIndex)) {
    const name = nameToken(sql)
    if (!name || !sameName(nameOf(name), index)) continue
    const renamed = applyEdits(sql, [{ start: name.start, end: name.end, text: quote(to) }])
    return [{ sql: `drop index ${quote(index)}` }, { sql: renamed }]
  }
  throw new AludelError('SHAPE_UNKNOWN', `Table ${table.name} has no index ${index}.`, {
    fix: 'Correct the name; `aludel check` compares history and database.',
    details: { table: table.name, index },
  })
}

function nameToken(sql: string): Token | undefined {
  const tokens = tokenize(sql)
  return tokens[tokens.findIndex((token) => is(token, 'on')) - 1]
}
