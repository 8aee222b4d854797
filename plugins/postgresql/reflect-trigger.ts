import type { Trigger, TriggerEvent } from '../../src/schema/schema.ts'
import type { TriggerRow } from './catalog-rows.ts'

export function readTrigger(row: TriggerRow, renamed: (text: string) => string): Trigger {
  const { name, type, columns, constraint, body } = row
  const { when, execute } = clauses(row.text)
  const referencing = [
    ...(row.oldTable === null ? [] : [`old table as ${quoted(row.oldTable)}`]),
    ...(row.newTable === null ? [] : [`new table as ${quoted(row.newTable)}`]),
  ].join(' ')
  const deferrable = row.deferred ? 'initially deferred' : 'initially immediate'
  const enabled = enabling[row.enabled]
  return {
    name,
    timing: type & 2 ? 'before' : type & 64 ? 'instead of' : 'after',
    events: events.filter(([bit]) => type & bit).map(([, event]) => event),
    ...(columns === null ? {} : { columns }),
    ...(type & 1 ? {} : { forEach: 'statement' as const }),
    ...(when === undefined ? {} : { when: renamed(when) }),
    ...(body === null ? { execute: renamed(execute) } : { body: statements(body) }),
    ...(referencing === '' ? {} : { referencing }),
    ...(constraint ? { constraint: row.deferrable ? deferrable : ('not deferrable' as const) } : {}),
    ...(enabled ? { enabled } : {}),
  }
}

/** Bits of pg_trigger.tgtype. */
const events: readonly (readonly [number, TriggerEvent])[] = [
  [8, 'delete'],
  [4, 'insert'],
  [32, 'truncate'],
  [16, 'update'],
]

const enabling: Readonly<Record<string, Trigger['enabled']>> = {
  D: 'never',
  R: 'on replica',
  A: 'always',
}

/** Of `CREATE TRIGGER … WHEN (condition) EXECUTE FUNCTION call`; the server writes keywords large and names small or quoted. */
function clauses(text: string): { readonly when: string | undefined; readonly execute: string } {
  const outline = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quotation) => '.'.repeat(quotation.length))
  const end = outline.indexOf(' EXECUTE FUNCTION ')
  const start = outline.indexOf(' WHEN (')
  return {
    when: start < 0 || start > end ? undefined : text.slice(start + ' WHEN ('.length, end - 1),
    execute: text.slice(end + ' EXECUTE FUNCTION '.length),
  }
}

/**
 * What stands between `begin` and `end` of a function's body. A body that has more than that is a block within the block
 * that is written around it.
 */
function statements(body: string): string {
  const inner = /^\s*begin\b(.*)\bend\s*;?\s*$/is.exec(body)?.[1]
  return (inner ?? body.replace(/;?\s*$/, ';')).trim()
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
