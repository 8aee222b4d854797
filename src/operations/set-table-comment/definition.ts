import type { Definition } from '../definition.ts'
import { tableBefore } from '../irreversible.ts'
import { invalid, needTable } from '../needs.ts'
import { changeTable } from '../shape.ts'
import { tidy } from '../tidy.ts'

export const definition: Definition<'setTableComment'> = {
  record: (table, comment) => ({ table, comment }),
  values: ({ table, comment }) => [table, comment],
  check: (operation) => {
    needTable(operation)
    const { comment } = operation
    if (comment !== null && typeof comment !== 'string')
      throw invalid(operation, 'the comment must be a text, or null for none')
  },
  apply: (schema, { table, comment }) =>
    changeTable(schema, table, (found) => tidy({ ...found, comment: comment ?? undefined })),
  inverse: ({ table }, before) => [
    { kind: 'setTableComment', table, comment: tableBefore(before, table).comment ?? null },
  ],
  object: ({ table }) => table,
}
