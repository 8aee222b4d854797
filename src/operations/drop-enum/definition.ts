import { enumNamed } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { needName } from '../needs.ts'
import { unknownShape } from '../shape.ts'
import { tidySchema, without } from '../tidy.ts'

export const definition: Definition<'dropEnum'> = {
  record: (name) => ({ name }),
  values: ({ name }) => [name],
  check: (operation) => needName(operation, operation.name, 'the name of an enum type'),
  apply: (schema, { name }) => {
    if (!enumNamed(schema, name)) throw unknownShape(`Enum type ${name} is not known`)
    return tidySchema({ ...schema, enums: without(schema.enums ?? {}, name) })
  },
  inverse: ({ name }, before) => {
    const found = enumNamed(before, name)
    if (!found) throw irreversible(`enum type ${name}`)
    return [{ kind: 'createEnum', name, items: found.items }]
  },
  object: ({ name }) => name,
}
