/** What statements do to a database whose changes of the schema commit by themselves. */
import type { Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { isNumbered, missingTable } from './errors.ts'
import { quote } from './literal.ts'

/** Statements that change rows alone, or nothing; any other may commit. */
export function rollsBack(sql: string): boolean {
  return /^(?:insert|update|delete|replace|select|with|values|do|set|show)\b/i.test(withoutComments(sql))
}

const name = '(?:`(?:[^`]|``)+`|[\\w$\\u0080-\\uffff]+)'
const table = `${name}(?:\\s*\\.\\s*${name})?`
const ifExists = '(?:if\\s+(?:not\\s+)?exists\\s+)?'

/** The table, or the list of them, whose definition the statement changes. */
const changes = [
  `create\\s+(?:or\\s+replace\\s+)?table\\s+${ifExists}(${table})`,
  `create\\s+(?:or\\s+replace\\s+)?(?:(?:algorithm|definer)\\s*=\\s*\\S+\\s+|sql\\s+security\\s+\\w+\\s+)*view\\s+${ifExists}(${table})`,
  `alter\\s+(?:online\\s+|ignore\\s+)*table\\s+${ifExists}(${table})`,
  `drop\\s+(?:table|view)\\s+${ifExists}(${table}(?:\\s*,\\s*${table})*)`,
  `rename\\s+tables?\\s+${ifExists}(${table}\\s+to\\s+${table}(?:\\s*,\\s*${table}\\s+to\\s+${table})*)`,
  `create\\s+(?:or\\s+replace\\s+)?(?:unique\\s+|fulltext\\s+|spatial\\s+)?index\\s+${ifExists}${name}\\s+(?:using\\s+\\w+\\s+)?on\\s+(${table})`,
  `drop\\s+index\\s+${ifExists}${name}\\s+on\\s+(${table})`,
].map((pattern) => new RegExp(`^${pattern}(?![\\w$])`, 'i'))

/** The trigger that the statement makes or drops. */
const triggerChange = new RegExp(
  `^(?:create|drop)\\s+(?:or\\s+replace\\s+)?(?:definer\\s*=\\s*\\S+\\s+)?trigger\\s+${ifExists}(${table})(?![\\w$])`,
  'i',
)

/** The definitions of what a statement changes, as the server writes them; undefined when that is no table, view or trigger. */
export async function effect(session: Session, sql: string): Promise<string | undefined> {
  const text = withoutComments(sql)
  const trigger = triggerChange.exec(text)?.[1]
  if (trigger !== undefined) return definition(session, 'trigger', quotedAgain(trigger))
  const list = changes.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined)
  if (list === undefined || movesRows.test(text) || isCircle(list)) return undefined
  const definitions: string[] = []
  for (const each of namesIn(list)) {
    const found = await definition(session, 'table', each)
    if (found === undefined) return undefined
    definitions.push(found)
  }
  const gone = definitions.filter((each) => each.startsWith(absent)).length
  // The server drops one table after the other.
  if (/^drop\b/i.test(text) && gone > 0 && gone < definitions.length) return undefined
  return definitions.join('\n')
}

/** Changes of rows that leave the definitions as they are; a second exchange would take back the first. */
const movesRows =
  /^alter\b.*\b(?:(?:exchange|truncate|import|discard)\s+partition|(?:import|discard)\s+tablespace)\b/is

/** Tables that take each other's names may look the same afterwards. */
function isCircle(list: string): boolean {
  const names = namesIn(list)
  const [from, to] = [0, 1].map((side) => names.filter((_, at) => at % 2 === side).sort())
  return /\sto\s/i.test(list) && String(from) === String(to)
}

const absent = 'there is no '

function namesIn(list: string): readonly string[] {
  const separator = new RegExp(`(${table})(?:\\s*,\\s*|\\s+to\\s+|$)`, 'gi')
  return [...list.matchAll(separator)].map(([, found = '']) => quotedAgain(found))
}

function quotedAgain(path: string): string {
  const parts = path.match(new RegExp(name, 'g')) ?? []
  return quote(
    ...parts.map((part) => (part.startsWith('`') ? part.slice(1, -1).replaceAll('``', '`') : part)),
  )
}

/** ER_TRG_DOES_NOT_EXIST. */
const missing = { table: missingTable, trigger: 1360 }
/** Where in its row the server puts the text. */
const place = { table: 1, trigger: 2 }

/** How far a table has counted is no part of its definition. Undefined where the login may not see it. */
async function definition(
  session: Session,
  kind: 'table' | 'trigger',
  path: string,
): Promise<string | undefined> {
  try {
    const [row] = await session.query<Record<string, unknown>>(`show create ${kind} ${path}`)
    return String(Object.values(row ?? {})[place[kind]]).replace(/ AUTO_INCREMENT=\d+/, '')
  } catch (error) {
    if (isNumbered(error, missing[kind])) return `${absent}${kind} ${path}`
    if (error instanceof AludelError && error.code === 'PERMISSION') return undefined
    throw error
  }
}

/** An executable comment stays, and with it in doubt what the statement is. */
export function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*(?!M?!)[\s\S]*?\*\/|\()+/i, '')
}
