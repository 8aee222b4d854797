/** Row-level security that entities ask for. It is not built in a scratch place: its roles and functions may be there in the real one only. */
import type { DatabaseTable, SchemaHelper } from '@mikro-orm/sql'
import type { OtherObject } from '../../src/schema/schema.ts'
import type { Places } from './places.ts'

/** The switches of a table, and its policies, each as MikroORM makes it. */
export function rowSecurity(
  tables: readonly DatabaseTable[],
  helper: SchemaHelper | undefined,
  places: Places,
): readonly OtherObject[] {
  return tables.flatMap((table) => {
    const objects = objectsOf(table, places.nameOf(table.schema, table.name))
    const statements = objects.length > 0 ? (helper?.getRlsCreateSQL(table) ?? []) : []
    return statements.flatMap((create, at): OtherObject[] => {
      const object = objects[at]
      if (object === undefined) return []
      const { kind, name, drop } = object
      const making = { create: places.spell(create), drop: places.spell(drop) }
      return [{ kind, name, making: { table: places.nameOf(table.schema, table.name), ...making } }]
    })
  })
}

interface Droppable {
  readonly kind: string
  readonly name: string
  readonly drop: string
}

/** In the order in which MikroORM makes them. */
function objectsOf(table: DatabaseTable, name: string): readonly Droppable[] {
  const quoted = table.getQuotedName()
  const onTable = (what: string): string => `alter table ${quoted} ${what} row level security`
  return [
    ...(table.rlsEnabled ? [{ kind: 'row-level security', name, drop: onTable('disable') }] : []),
    ...(table.rlsForced ? [{ kind: 'forced row-level security', name, drop: onTable('no force') }] : []),
    ...table.getPolicies().map((policy) => ({
      kind: 'policy',
      name: `${policy.name} on ${name}`,
      drop: `drop policy "${policy.name.replaceAll('"', '""')}" on ${quoted}`,
    })),
  ]
}
