import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { invalid, needTable } from '../needs.ts'

export const definition: Definition<'bulkInsert'> = {
  record: (table, rows) => ({ table, rows }),
  values: ({ table, rows }) => [table, rows],
  check: (operation) => {
    needTable(operation)
    const { rows }: { readonly rows: unknown } = operation
    if (!Array.isArray(rows) || rows.length === 0) throw invalid(operation, 'the rows are missing')
    for (const [at, row] of rows.entries()) {
      const isRow = typeof row === 'object' && row !== null && !Array.isArray(row)
      if (!isRow || Object.keys(row).length === 0)
        throw invalid(operation, `row ${at + 1} must be an object with a value for each column`)
      for (const [column, value] of Object.entries(row)) {
        if (isValue(value)) continue
        const why = 'must be a text, a finite number, true, false, null, or { sql: … }'
        throw invalid(operation, `the value of ${column} in row ${at + 1} ${why}`)
      }
    }
  },
  apply: (schema) => schema,
  inverse: ({ table }) => {
    throw irreversible(
      `the rows of ${table}`,
      `Write in \`downgrade\` by hand which rows go: op.execute("delete from ${table} where …").`,
    )
  },
  object: ({ table }) => table,
}

function isValue(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'object' && 'sql' in value && typeof value.sql === 'string'
}
