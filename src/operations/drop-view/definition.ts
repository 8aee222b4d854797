import { viewNamed } from '../../schema/schema.ts'
import { createTriggers } from '../create-trigger/of-relation.ts'
import { plainView } from '../create-view/plain-view.ts'
import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { needName } from '../needs.ts'
import { unknownShape } from '../shape.ts'
import { tidySchema, without } from '../tidy.ts'

export const definition: Definition<'dropView'> = {
  record: (view) => ({ view }),
  values: ({ view }) => [view],
  check: (operation) => needName(operation, operation.view, 'the name of a view'),
  apply: (schema, { view }) => {
    if (!viewNamed(schema, view)) throw unknownShape(`View ${view} is not known`)
    return tidySchema({ ...schema, views: without(schema.views ?? {}, view) })
  },
  inverse: ({ view }, before) => {
    const found = viewNamed(before, view)
    if (!found) throw irreversible(`view ${view}`)
    return [{ kind: 'createView', view: plainView(found) }, ...createTriggers(view, found.triggers)]
  },
  object: ({ view }) => view,
}
