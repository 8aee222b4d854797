/** Triggers of the entities, as the database can have them. */
import type { SqlTriggerDef } from '@mikro-orm/sql'
import { ended } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Trigger } from '../../src/schema/schema.ts'
import { isSameSql, pieces, withoutEnd } from './sql-pieces.ts'
import type { Writing } from './writing.ts'

export interface WantedTriggers {
  /** By name. */
  readonly triggers: readonly (Trigger & { readonly body: string })[]
  /** DDL that the entity gives as it is: only what the database makes of it is known. */
  readonly raw: readonly string[]
}

/**
 * Where a trigger takes one event, one is made for each, named as MikroORM names them: `noted_insert`, `noted_update`.
 * @param owner the table or view, for messages
 * @throws {AludelError} ENTITIES_INVALID for what the database cannot have
 */
export function wantedTriggers(
  defs: readonly SqlTriggerDef[],
  owner: string,
  writing: Writing,
): WantedTriggers {
  const raw = defs.flatMap(({ expression }) => (expression ? [expression] : []))
  const triggers = defs
    .filter(({ expression }) => !expression)
    .flatMap((def) => {
      const fault = faultOf(def, writing)
      if (fault) throw cannotHave(def, owner, fault)
      const isSplit = writing.triggers === 'statements' && def.events.length > 1
      return isSplit
        ? def.events.map((event) => ({ ...def, name: `${def.name}_${event}`, events: [event] }))
        : [def]
    })
    .map(({ name, timing, events, forEach, when, body: text }) => {
      const body = tidied(text, writing)
      return {
        name,
        timing,
        events: events.toSorted(),
        ...(forEach === 'statement' && { forEach }),
        ...(when && writing.triggerConditions && { when }),
        body: when && !writing.triggerConditions ? `if ${when} then ${ended(body)} end if` : body,
      }
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return { triggers, raw }
}

/**
 * On few lines, as MikroORM has it in the database, unless that changes a string or makes a comment of what follows one.
 * Without a semicolon at the end.
 */
function tidied(body: string, { backslashEscapes }: Writing): string {
  const lines = body.split('\n').filter((line) => line.trim() !== '')
  const flat = lines.join('\n').replaceAll(/;[\t ]*\r?\n/g, '; ')
  return withoutEnd(isSameSql(flat, body, backslashEscapes) ? flat : body, backslashEscapes)
}

function faultOf({ timing, events, forEach }: SqlTriggerDef, writing: Writing): string | undefined {
  if (writing.triggers === 'function') return undefined
  if (forEach === 'statement') return 'it is for a statement, and here a trigger is for a row'
  if (events.includes('truncate')) return 'there is no event `truncate` here'
  return timing === 'instead of' && !writing.viewTriggers ? 'no trigger is `instead of` here' : undefined
}

function cannotHave({ name }: SqlTriggerDef, owner: string, fault: string): AludelError {
  return new AludelError('ENTITIES_INVALID', `Trigger ${name} of ${owner} cannot be made: ${fault}.`, {
    state: 'Nothing was changed.',
    fix: 'Change it, or give each database its own by `expression`.',
    details: { trigger: name, owner },
  })
}

export interface TriggerPlace {
  readonly schema?: string | undefined
  /** A table's or view's. */
  readonly name: string
  /** A quotation mark for names. */
  readonly mark: string
}

/** The statements that make it, on PostgreSQL its function first. */
export function createTrigger(
  { name, timing, events, forEach = 'row', when, body }: WantedTriggers['triggers'][number],
  { schema, name: owner, mark }: TriggerPlace,
  writing: Writing,
): readonly string[] {
  const quote = (...path: readonly (string | undefined)[]): string =>
    path.flatMap((part) => (part ? [`${mark}${part.replaceAll(mark, mark + mark)}${mark}`] : [])).join('.')
  const condition = when === undefined ? '' : ` when (${when})`
  const head = `create trigger ${quote(name)} ${timing} ${events.join(' or ')} on ${quote(schema, owner)} for each ${forEach}${condition}`
  const block = ` begin ${ended(body)} end`
  if (writing.triggers === 'statements') return [`${head}${block}`]
  const called = `${quote(schema, `${owner}_${name}_fn`)}()`
  const tag = dollarTag(body)
  return [
    `create or replace function ${called} returns trigger as ${tag}${block}; ${tag} language plpgsql`,
    `${head} execute function ${called}`,
  ]
}

function dollarTag(text: string): string {
  const inside = new Set(pieces(text).map(({ text: piece }) => piece))
  const tag = ['$$', '$body$', '$trigger$'].find((each) => !text.includes(each))
  return tag ?? `$body_${inside.size}$`
}
