import type { Definition } from '../definition.ts'
import { needName } from '../needs.ts'
import { unknownShape } from '../shape.ts'

export const definition: Definition<'createSchema'> = {
  record: (schema) => ({ schema }),
  values: ({ schema }) => [schema],
  check: (operation) => needName(operation, operation.schema, 'the name of a schema'),
  apply: (before, { schema }) => {
    const { schemas = [] } = before
    if (schemas.includes(schema)) throw unknownShape(`Schema ${schema} is there already`)
    return { ...before, schemas: [...schemas, schema].toSorted() }
  },
  inverse: ({ schema }) => [{ kind: 'dropSchema', schema }],
  object: ({ schema }) => schema,
}
