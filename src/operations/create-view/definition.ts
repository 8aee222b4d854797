import { tableNamed, viewNamed } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { unknownShape } from '../shape.ts'
import { checkView, readView, spellView, writtenView } from './plain-view.ts'

export const definition: Definition<'createView'> = {
  record: readView,
  values: writtenView,
  check: checkView,
  apply: (schema, { view }) => {
    if (viewNamed(schema, view.name)) throw unknownShape(`View ${view.name} is there already`)
    if (tableNamed(schema, view.name)) throw unknownShape(`${view.name} is a table`)
    return { ...schema, views: { ...schema.views, [view.name]: view } }
  },
  inverse: ({ view }) => [{ kind: 'dropView', view: view.name }],
  object: ({ view }) => view.name,
  spell: (operation, declared) => ({ ...operation, view: spellView(operation.view, declared) }),
}
