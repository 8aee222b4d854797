import { viewNamed } from '../../schema/schema.ts'
import { checkView, plainView, readView, spellView, writtenView } from '../create-view/plain-view.ts'
import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { unknownShape } from '../shape.ts'

export const definition: Definition<'replaceView'> = {
  record: readView,
  values: writtenView,
  check: checkView,
  apply: (schema, { view }) => {
    const found = viewNamed(schema, view.name)
    if (!found) throw unknownShape(`View ${view.name} is not known`)
    const { triggers } = found
    const replaced = { ...view, ...(triggers ? { triggers } : {}) }
    return { ...schema, views: { ...schema.views, [view.name]: replaced } }
  },
  inverse: ({ view: { name } }, before) => {
    const found = viewNamed(before, name)
    if (!found) throw irreversible(`view ${name}`)
    return [{ kind: 'replaceView', view: plainView(found) }]
  },
  object: ({ view }) => view.name,
  spell: (operation, declared) => ({ ...operation, view: spellView(operation.view, declared) }),
}
