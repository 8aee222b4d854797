import { splitName } from '../../schema/name.ts'
import type { Definition } from '../definition.ts'
import { needName } from '../needs.ts'
import { unknownShape } from '../shape.ts'
import { tidySchema } from '../tidy.ts'

export const definition: Definition<'dropSchema'> = {
  record: (schema) => ({ schema }),
  values: ({ schema }) => [schema],
  check: (operation) => needName(operation, operation.schema, 'the name of a schema'),
  apply: (before, { schema }) => {
    const { schemas = [], tables, views = {}, enums = {} } = before
    if (!schemas.includes(schema)) throw unknownShape(`Schema ${schema} is not known`)
    const inside = [tables, views, enums]
      .flatMap((named) => Object.keys(named))
      .filter((name) => splitName(name).schema === schema)
    if (inside.length > 0) throw unknownShape(`Schema ${schema} still holds ${inside.join(', ')}`)
    return tidySchema({ ...before, schemas: schemas.filter((name) => name !== schema) })
  },
  inverse: ({ schema }) => [{ kind: 'createSchema', schema }],
  object: ({ schema }) => schema,
}
