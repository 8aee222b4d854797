/** Views as SQLite's statements. */
import type { Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { PlainView } from '../../src/operations/create-view/operation.ts'
import { quote } from './literal.ts'

/**
 * Comments and options of other databases mean nothing here.
 * @throws {AludelError} NOT_SUPPORTED for one that keeps its rows
 */
export function createView({ name, definition, materialized }: PlainView): Statement {
  if (materialized) {
    throw new AludelError('NOT_SUPPORTED', `SQLite cannot make view ${name}: no view keeps its rows.`, {
      fix: 'Leave `materialized` and `indexes` out where the database is this one.',
      details: { view: name },
    })
  }
  return { sql: `create view ${quote(name)} as ${definition}` }
}

/** @param triggers their texts: SQLite drops them with the view */
export function replaceView(view: PlainView, triggers: readonly string[]): readonly Statement[] {
  return [dropView(view.name), createView(view), ...triggers.map((sql) => ({ sql }))]
}

export function dropView(name: string): Statement {
  return { sql: `drop view ${quote(name)}` }
}
