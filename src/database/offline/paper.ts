/** A schema on paper: what recorded operations make of it, for dialects that need no more to compile others. */
import type { Draft } from '../../dialect.ts'
import { AludelError } from '../../errors.ts'
import { apply } from '../../operations/apply.ts'
import { madeBy } from '../../operations/drops.ts'
import { tableOf } from '../../operations/table-of.ts'
import { without } from '../../operations/tidy.ts'
import { mentions } from '../../schema/mentions.ts'
import { splitName } from '../../schema/name.ts'
import { type Schema, emptySchema, enumNamed, tableNamed, viewNamed } from '../../schema/schema.ts'

/** Words that begin a statement of raw SQL which leaves the shapes of tables as they are. */
const shapeless =
  /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(?:insert|update|delete|merge|replace|select|with|values|set|show|comment|grant|revoke|analyze|vacuum)\b/i

export function paperDraft(): Draft {
  let schema: Schema = emptySchema
  const forgetObject = (name: string): void => {
    const { tables, views = {}, enums = {} } = schema
    schema = {
      ...schema,
      tables: without(tables, name),
      views: without(views, name),
      enums: without(enums, name),
    }
  }
  const forget = async (text: string): Promise<void> => {
    const folded = text.toLowerCase()
    for (const name of [schema.tables, schema.views ?? {}, schema.enums ?? {}].flatMap(Object.keys))
      if (folded.includes(name.toLowerCase())) forgetObject(name)
  }
  return {
    shape: async (names) => {
      const missing = names.find(
        (name) => !tableNamed(schema, name) && !viewNamed(schema, name) && !enumNamed(schema, name),
      )
      if (missing !== undefined) throw unknown(missing)
      const wanted = new Set([...names, ...names.flatMap((name) => generatedFrom(schema, name))])
      const asked = <T>(record: Readonly<Record<string, T>> = {}): Readonly<Record<string, T>> =>
        Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name)))
      return { tables: asked(schema.tables), views: asked(schema.views), enums: asked(schema.enums) }
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
        for (const name of [tableOf(operation) ?? [], madeBy([operation])].flat()) forgetObject(name)
      }
    },
    forget,
    close: async () => {},
  }
}

/** Tables with generated columns that may be made of an enum type: those are in the way when its values go. */
function generatedFrom(schema: Schema, type: string): readonly string[] {
  if (!enumNamed(schema, type)) return []
  const { name } = splitName(type)
  return Object.values(schema.tables).flatMap((table) => {
    const isOfType = table.columns.some(({ type: own }) => typeof own === 'object' && mentions(own.sql, name))
    return isOfType && table.columns.some(({ generated }) => generated) ? [table.name] : []
  })
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
