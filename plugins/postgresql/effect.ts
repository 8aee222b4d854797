/** What statements do that no transaction can hold. */
import type { Session } from '../../src/dialect.ts'

/**
 * All but what PostgreSQL refuses inside a transaction.
 * @see https://www.postgresql.org/docs/17/sql-createindex.html, its notes on CONCURRENTLY, and the pages of the other commands
 */
export function rollsBack(sql: string): boolean {
  return !outside.test(withoutComments(sql))
}

const outside = new RegExp(
  `^(?:${[
    'create\\s+(?:unique\\s+)?index\\s+concurrently',
    'drop\\s+index\\s+concurrently',
    'reindex\\b.*\\b(?:concurrently|database|system|schema)',
    'alter\\s+table\\b.*\\bdetach\\s+partition\\b.*\\bconcurrently',
    '(?:create|drop)\\s+(?:database|tablespace|subscription)',
    'alter\\s+(?:system|subscription|database\\b.*\\bset\\s+tablespace)',
    'vacuum',
    'cluster',
    // They may commit; a block that aludel writes does not.
    'call',
    'do\\b(?!\\s+\\$aludel\\d*\\$).*\\b(?:commit|rollback)',
  ].join('|')})\\b`,
  'is',
)

const name = '("(?:[^"]|"")+"|[\\p{L}_][\\p{L}\\p{N}_$]*)'
const path = `${name}(?:\\s*\\.\\s*${name})?`

const building = new RegExp(
  `^create\\s+(?:unique\\s+)?index\\s+concurrently\\s+(?:if\\s+not\\s+exists\\s+)?(?!on\\s)${name}\\s+on\\s+(?:only\\s+)?${path}`,
  'iu',
)
const dropping = new RegExp(
  `^drop\\s+index\\s+concurrently\\s+(?:if\\s+exists\\s+)?${path}\\s*(?:cascade|restrict)?\\s*;?$`,
  'iu',
)
const repeatable = /^(?:reindex|vacuum|cluster)\b/i

/** Whether it keeps even readers out of a table. */
export function locksOut(sql: string): boolean {
  return /^(?:vacuum\b[^;]*\bfull\b|cluster\b|reindex\b(?!.*\bconcurrently\b))/is.test(withoutComments(sql))
}

/** The index that a statement builds without keeping writers out, as SQL names it. */
export function builtIndex(sql: string): string | undefined {
  const [, index, first, second] = building.exec(withoutComments(sql)) ?? []
  // An index is in the schema of its table.
  return index === undefined ? undefined : second === undefined ? index : `${first}.${index}`
}

/** Whether the index that it builds or drops is there and whole. */
export async function effect(session: Session, sql: string): Promise<string | undefined> {
  const text = withoutComments(sql)
  // What another run of it does is the same.
  if (repeatable.test(text)) return 'as ever'
  const [, first, second] = dropping.exec(text) ?? []
  const dropped = first === undefined ? undefined : second === undefined ? first : `${first}.${second}`
  const built = builtIndex(text)
  if (dropped !== undefined) return (await indexState(session, dropped)) === 'none' ? 'gone' : 'there'
  if (built === undefined) return undefined
  return (await indexState(session, built)) === 'valid' ? 'built' : 'not built'
}

/** An index that is not whole takes part in no query, and in every write. */
export async function indexState(session: Session, index: string): Promise<'none' | 'valid' | 'invalid'> {
  const [row] = await session.query<{ readonly valid: boolean }>(
    'select indisvalid as valid from pg_catalog.pg_index where indexrelid = to_regclass($1)',
    [index],
  )
  if (!row) return 'none'
  return row.valid ? 'valid' : 'invalid'
}

function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')
}
