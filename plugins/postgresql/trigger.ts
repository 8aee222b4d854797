/** Triggers, and the functions that those with a body have for themselves. */
import { ended } from '../../src/dialect.ts'
import { splitName } from '../../src/schema/name.ts'
import type { Trigger, TriggerEvent } from '../../src/schema/schema.ts'
import { dollarQuoted } from './dollar-quoted.ts'
import { list } from './constraint.ts'
import { quote } from './literal.ts'
import { quoteBeside, quoteName } from './quote-name.ts'

/** @param table or a view */
export function createTrigger(table: string, trigger: Trigger): readonly string[] {
  const { name, body, timing, forEach = 'row', when, constraint, referencing, enabled } = trigger
  const deferral = constraint === undefined || constraint === 'not deferrable' ? '' : ' deferrable'
  const parts = [
    `create ${constraint === undefined ? '' : 'constraint '}trigger ${quote(name)}`,
    `${timing} ${trigger.events.map((event) => eventText(event, trigger)).join(' or ')} on ${quoteName(table)}`,
    constraint === undefined ? '' : `${deferral} ${constraint}`.trim(),
    referencing === undefined ? '' : `referencing ${referencing}`,
    `for each ${forEach}`,
    when === undefined ? '' : `when (${when})`,
    `execute function ${trigger.execute ?? `${ownFunction(table, name)}()`}`,
  ]
  return [
    ...(body === undefined ? [] : [functionText(table, name, body)]),
    parts.filter((part) => part !== '').join(' '),
    ...(enabled ? [`alter table ${quoteName(table)} ${enabling[enabled]} trigger ${quote(name)}`] : []),
  ]
}

/** @param found the trigger before, where it is known */
export function dropTrigger(table: string, name: string, found: Trigger | undefined): readonly string[] {
  return [`drop trigger ${quote(name)} on ${quoteName(table)}`, ...dropFunctions(table, found ? [found] : [])]
}

/** The triggers themselves are gone. */
export function dropFunctions(table: string, triggers: readonly Trigger[] = []): readonly string[] {
  return withBody(triggers).map(({ name }) => `drop function ${ownFunction(table, name)}()`)
}

export function withBody(triggers: readonly Trigger[] = []): readonly Trigger[] {
  return triggers.filter(({ body }) => body !== undefined)
}

/** As MikroORM names it. */
export function functionName(table: string, trigger: string): string {
  return `${splitName(table).name}_${trigger}_fn`
}

function ownFunction(table: string, trigger: string): string {
  return quoteBeside(table, functionName(table, trigger))
}

/** A name that the server cuts may be that of another trigger's function, which stays what it is. */
function functionText(table: string, trigger: string, body: string): string {
  const isCut = Buffer.byteLength(functionName(table, trigger)) > 63
  const statements = body.trim()
  const text = `\nbegin\n${isEnded(statements) ? statements : ended(statements)}\nend\n`
  const create = `create ${isCut ? '' : 'or replace '}function ${ownFunction(table, trigger)}()`
  return `${create} returns trigger language plpgsql as ${dollarQuoted(text, 'body')}`
}

/** The last statement has its semicolon, before what comments follow: one more by itself is an error. */
function isEnded(statements: string): boolean {
  return statements.endsWith(';') || /;(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+$/.test(statements)
}

function eventText(event: TriggerEvent, { columns }: Trigger): string {
  return event === 'update' && columns ? `update of ${list(columns).slice(1, -1)}` : event
}

const enabling: Readonly<Record<NonNullable<Trigger['enabled']>, string>> = {
  never: 'disable',
  'on replica': 'enable replica',
  always: 'enable always',
}
