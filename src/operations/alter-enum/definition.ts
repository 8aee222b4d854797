import { enumNamed } from '../../schema/schema.ts'
import { needItems } from '../create-enum/need-items.ts'
import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { type Keys, invalid, needKeys, needName } from '../needs.ts'
import { unknownShape } from '../shape.ts'
import { renameInDefaults } from './defaults.ts'
import type { AlterEnum } from './operation.ts'

const keys: Keys<Omit<AlterEnum, 'name'>> = { items: true, renamed: true }

export const definition: Definition<'alterEnum'> = {
  record: (name, change) => ({ name, ...change }),
  values: ({ kind: _, name, ...change }) => [name, change],
  check: (operation) => {
    const { kind: _, name, ...change } = operation
    needName(operation, name, 'the name of an enum type')
    needKeys(operation, change, keys)
    needItems(operation, change.items)
    const renamed = Object.values(change.renamed ?? {})
    needItems(operation, renamed)
    const missing = renamed.find((item) => !change.items.includes(item))
    if (missing !== undefined)
      throw invalid(operation, `the new name ${JSON.stringify(missing)} is not among its values`)
  },
  apply: (schema, { name, items, renamed = {} }) => {
    const found = enumNamed(schema, name)
    if (!found) throw unknownShape(`Enum type ${name} is not known`)
    const missing = Object.keys(renamed).find((item) => !found.items.includes(item))
    if (missing !== undefined) throw unknownShape(`Enum type ${name} has no value ${JSON.stringify(missing)}`)
    return renameInDefaults({ ...schema, enums: { ...schema.enums, [name]: { name, items } } }, name, renamed)
  },
  inverse: ({ name, renamed }, before) => {
    const found = enumNamed(before, name)
    if (!found) throw irreversible(`enum type ${name}`)
    const back = renamed && Object.fromEntries(Object.entries(renamed).map(([from, to]) => [to, from]))
    return [{ kind: 'alterEnum', name, items: found.items, ...(back ? { renamed: back } : {}) }]
  },
  object: ({ name }) => name,
}
