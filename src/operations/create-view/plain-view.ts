/** What `createView` and `replaceView` share. */
import { type Schema, type View, viewNamed } from '../../schema/schema.ts'
import { indexKeys, viewKeys } from '../keys.ts'
import { type Told, invalid, needKeys, needName } from '../needs.ts'
import type { ViewDefinition } from '../operations.ts'
import { spellNamed } from '../spelling.ts'
import type { PlainView } from './operation.ts'

export function readView(name: string, definition: ViewDefinition): { readonly view: PlainView } {
  return { view: { name, ...definition } }
}

/** Its definition comes last: it may be long. */
export function writtenView({
  view: { name, definition, ...rest },
}: {
  readonly view: PlainView
}): readonly unknown[] {
  return [name, { ...rest, definition }]
}

export function plainView({ triggers: _, columns: __, ...view }: View): PlainView {
  return view
}

/** @throws {AludelError} OPERATION_INVALID */
export function checkView(operation: Told & { readonly view: PlainView }): void {
  const { view } = operation
  needName(operation, view.name, 'the name of a view')
  needKeys(operation, view, viewKeys)
  needName(operation, view.definition, `the query of view ${view.name} (\`definition\`)`)
  for (const index of view.indexes ?? []) needKeys(operation, index, indexKeys)
  if (view.indexes && !view.materialized)
    throw invalid(operation, `view ${view.name} has indexes, and is not materialized`)
}

/** As people wrote it: its query, and the expressions of its indexes. */
export function spellView(view: PlainView, declared: Schema): PlainView {
  const written = viewNamed(declared, view.name)
  if (!written) return view
  const { definition, indexes } = written
  return {
    ...view,
    definition,
    ...(view.indexes ? { indexes: view.indexes.map((index) => spellNamed(indexes, index)) } : {}),
  }
}
