/** A schema on paper: what recorded operations make of it, for dialects that need no more to compile others. */
import type { Draft } from '../../dialect.ts'
import { AludelError } from '../../errors.ts'
import { apply } from '../../operations/apply.ts'
import type { Operation } from '../../operations/operation.ts'
import { type Schema, emptySchema } from '../../schema/schema.ts'

/** Words that begin a statement of raw SQL which leaves the shapes of tables as they are. */
const shapeless =
  /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(?:insert|update|delete|merge|replace|select|with|values|set|show|comment|grant|revoke|analyze|vacuum)\b/i

export function paperDraft(): Draft {
  let schema: Schema = emptySchema
  const forgetTable = (name: string): void => {
    const { [name]: _, ...tables } = schema.tables
    schema = { ...schema, tables }
  }
  const forget = async (text: string): Promise<void> => {
    const folded = text.toLowerCase()
    for (const name of Object.keys(schema.tables)) if (folded.includes(name.toLowerCase())) forgetTable(name)
  }
  return {
    shape: async (names) => {
      const found = names.map((name) => {
        const table = Object.hasOwn(schema.tables, name) ? schema.tables[name] : undefined
        if (!table) throw unknown(name)
        return [name, table]
      })
      return { tables: Object.fromEntries(found) }
    },
    run: async (operation) => {
      if (operation.kind === 'execute') {
        if (!shapeless.test(operation.sql)) await forget(operation.sql)
        return
      }
      try {
        schema = apply(schema, operation)
      } catch {
        // Raw SQL made it, or changed it before.
        for (const name of namesIn(operation)) forgetTable(name)
      }
    },
    forget,
    close: async () => {},
  }
}

function namesIn(operation: Exclude<Operation, { kind: 'execute' }>): readonly string[] {
  if (operation.kind === 'createTable') return [operation.table.name]
  return operation.kind === 'renameTable' ? [operation.table, operation.to] : [operation.table]
}

function unknown(table: string): AludelError {
  return new AludelError(
    'SHAPE_UNKNOWN',
    `what table ${table} looks like there is not known without a database: no recorded operation makes it, or raw SQL or a query that follows names it.`,
    {
      fix: 'Write the whole change by `op.execute`, or apply the revision with `aludel upgrade`.',
      details: { table },
    },
  )
}
