/** The tables and views that triggers name: SQLite wants to know them before it renames a table or column of theirs. */
import type { Session } from '../../src/dialect.ts'
import type { Table } from '../../src/schema/schema.ts'
import { type Master, readMasters } from './catalog.ts'
import { nameOf, tokenize } from './tokens.ts'

export function neighboursOf({ source }: Table): readonly string[] {
  return source?.neighbours ?? []
}

/** @returns a function that gives the texts for some of the triggers */
export async function neighbours(
  session: Session,
  triggers: readonly Master[],
): Promise<(dependents: readonly Master[]) => readonly string[]> {
  if (triggers.length === 0) return () => []
  const masters = await readMasters(session)
  const known = new Map(
    masters
      .filter(({ type }) => type === 'table' || type === 'view')
      .map((each) => [each.name.toLowerCase(), each]),
  )
  return (dependents) => {
    const found = new Map<string, Master>()
    const visit = ({ type, sql, tbl_name }: Master): void => {
      if (sql === null || type === 'table' || type === 'index') return
      for (const token of tokenize(sql)) {
        const name = nameOf(token).toLowerCase()
        const other = known.get(name)
        if (!other || found.has(name) || name === tbl_name.toLowerCase()) continue
        found.set(name, other)
        visit(other)
      }
    }
    dependents.forEach(visit)
    const own = new Set(dependents.map(({ tbl_name }) => tbl_name.toLowerCase()))
    return [...found].filter(([name]) => !own.has(name)).map(([, { sql }]) => sql ?? '')
  }
}
