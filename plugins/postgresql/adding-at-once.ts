import { type Session, withStatements } from '../../src/dialect.ts'
import { literal } from './literal.ts'
import { rebuildEnum } from './rebuild-enum.ts'

const text = `('(?:[^']|'')*')`
const adding = new RegExp(
  `^\\s*alter\\s+type\\s+(.+?)\\s+add\\s+value\\s+(?:if\\s+not\\s+exists\\s+)?${text}(?:\\s+(before|after)\\s+${text})?\\s*;?\\s*$`,
  'is',
)

/**
 * The same session, for a place where a whole history is one transaction. Before version 17 the server gives no value to anybody
 * that is added to an enum type in the same transaction; so another type takes the place of that.
 */
export function addingAtOnce(session: Session): Session {
  const run = async <T>(sql: string, send: (sql: string) => Promise<T>): Promise<T> => {
    const [, type, value, side, beside] = adding.exec(sql) ?? []
    if (type === undefined || value === undefined) return send(sql)
    const items = await itemsOf(session, type)
    const [item, neighbour] = [read(value), beside === undefined ? undefined : items.indexOf(read(beside))]
    // The server says it better.
    if (items.includes(item) || neighbour === -1) return send(sql)
    const at = neighbour === undefined ? items.length : neighbour + (side?.toLowerCase() === 'after' ? 1 : 0)
    return send(rebuildEnum(type, items.toSpliced(at, 0, item)))
  }
  return withStatements(session, {
    query: (sql, params) => run(sql, (each) => session.query(each, params)),
    simple: (sql) => run(sql, (each) => session.simple(each)),
  })
}

async function itemsOf(session: Session, type: string): Promise<readonly string[]> {
  const rows = await session.query<{ readonly item: string }>(
    `select enumlabel as item from pg_enum where enumtypid = to_regtype(${literal(type)}) order by enumsortorder`,
  )
  return rows.map(({ item }) => item)
}

function read(quoted: string): string {
  return quoted.slice(1, -1).replaceAll("''", "'")
}
