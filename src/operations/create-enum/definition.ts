import { enumNamed } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { needName } from '../needs.ts'
import { unknownShape } from '../shape.ts'
import { needItems } from './need-items.ts'

export const definition: Definition<'createEnum'> = {
  record: (name, items) => ({ name, items }),
  values: ({ name, items }) => [name, items],
  check: (operation) => {
    needName(operation, operation.name, 'the name of an enum type')
    needItems(operation, operation.items)
  },
  apply: (schema, { name, items }) => {
    if (enumNamed(schema, name)) throw unknownShape(`Enum type ${name} is there already`)
    return { ...schema, enums: { ...schema.enums, [name]: { name, items } } }
  },
  inverse: ({ name }) => [{ kind: 'dropEnum', name }],
  object: ({ name }) => name,
}
