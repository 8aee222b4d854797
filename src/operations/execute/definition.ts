import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { needName } from '../needs.ts'

export const definition: Definition<'execute'> = {
  record: (sql) => ({ sql }),
  values: ({ sql }) => [sql],
  check: (operation) => needName(operation, operation.sql, 'an SQL text'),
  apply: (schema) => schema,
  inverse: ({ sql }) => {
    throw irreversible(`\`${sql.slice(0, 80)}\``)
  },
  object: ({ sql }) => sql,
}
