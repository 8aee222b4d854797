import { ended } from '../../src/dialect.ts'
import type { PlainView } from '../../src/operations/create-view/operation.ts'
import { unsupported } from './constraints.ts'
import { quote } from './literal.ts'
import type { Name } from './name.ts'

/**
 * What the view does not say becomes the server's own again, also where it is replaced. There is no place for a comment; options of
 * other databases mean nothing here.
 * @throws {AludelError} NOT_SUPPORTED for one that keeps its rows
 */
export function createView(name: Name, view: PlainView, verb: 'create' | 'create or replace'): string {
  const { definition, materialized, options = [] } = view
  if (materialized) {
    const fix = 'Leave `materialized` and `indexes` out where the database is this one.'
    throw unsupported(name, `view ${view.name} keeps its rows`, fix)
  }
  const words = options.filter((option) => /^(?:algorithm=\w+|sql security \w+)$/i.test(option))
  const check = options.find((option) => /^with (?:cascaded|local) check option$/i.test(option))
  const head = [verb, ...words, 'view', quote(view.name), 'as'].join(' ')
  return `${head} ${check === undefined ? definition : ended(definition, ` ${check}`)}`
}
