/** A `create trigger` text as data, and data as such a text. */
import { type Statement, ended } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Trigger, TriggerEvent } from '../../src/schema/schema.ts'
import { sameName } from './create-text.ts'
import { expressionText, type Names } from './expression.ts'
import { quote } from './literal.ts'
import { is, nameOf, splitAtCommas, type Token, tokenize, unwrap } from './tokens.ts'

/**
 * @param sql as sqlite_master has it, or as a person writes it
 * @param names of its table or view; of a view no column is known
 */
export function parseTrigger(sql: string, names: Names): Trigger {
  const tokens = tokenize(sql)
  const start = nameAt(tokens)
  const on = tokens.findIndex((token, at) => at > start && is(token, 'on'))
  const begin = findBegin(tokens, on)
  const head = tokens.slice(start + 1, on)
  const event = head.findIndex((token) => events.some((each) => is(token, each)))
  const condition = tokens.findIndex((token, at) => at > on + 1 && at < begin && is(token, 'when'))
  const columns = splitAtCommas(head.slice(event + 2)).flatMap(([column]) => {
    if (!column) return []
    const name = nameOf(column)
    return [names.columns.find((each) => sameName(each, name)) ?? name]
  })
  const name = tokens[start]
  return {
    name: name ? nameOf(name) : '',
    timing: timingOf(head.slice(0, event)),
    events: events.filter((each) => is(head[event], each)),
    ...(columns.length > 0 ? { columns } : {}),
    ...(condition < 0 ? {} : { when: expressionText(unwrap(tokens.slice(condition + 1, begin)), names) }),
    body: bodyOf(sql, tokens, begin),
  }
}

/** @throws {AludelError} NOT_SUPPORTED for what SQLite's triggers cannot be */
export function createTrigger(table: string, trigger: Trigger): Statement {
  const { name, timing, columns = [], when, body } = trigger
  const [event] = trigger.events
  const refuse = (why: string, fix: string): never => {
    throw new AludelError('NOT_SUPPORTED', `SQLite cannot make trigger ${name} of ${table}: ${why}.`, { fix })
  }
  if (event === undefined || trigger.events.length > 1)
    return refuse('a trigger is for one event', oneForEach(trigger))
  if (event === 'truncate') return refuse('there is no `truncate`', 'Use `delete`.')
  if (trigger.forEach === 'statement') return refuse('it runs for each row', 'Leave `forEach` out.')
  if (body === undefined)
    return refuse('there are no functions that it could call', 'Give it a `body` on this database.')
  const words = [
    `create trigger ${quote(name)} ${timing} ${event}`,
    ...(columns.length > 0 ? [`of ${columns.map((column) => quote(column)).join(', ')}`] : []),
    `on ${quote(table)}`,
    ...(when === undefined ? [] : [`when (${when})`]),
    `begin ${ended(body)} end`,
  ]
  return { sql: words.join(' ') }
}

/** Named as MikroORM names them. */
function oneForEach({ name, events: wanted }: Trigger): string {
  return `Make one trigger for each event: ${wanted.map((event) => `${name}_${event}`).join(', ')}.`
}

const events = ['insert', 'update', 'delete'] as const satisfies readonly TriggerEvent[]

/** Position of the trigger's own name, behind `if not exists` and a schema. */
function nameAt(tokens: readonly Token[]): number {
  const first = tokens.findIndex((token) => is(token, 'trigger')) + 1
  const name = is(tokens[first], 'if') && is(tokens[first + 1], 'not') ? first + 3 : first
  return is(tokens[name + 1], '.') ? name + 2 : name
}

function timingOf(words: readonly Token[]): Trigger['timing'] {
  if (is(words[0], 'after')) return 'after'
  return is(words[0], 'instead') ? 'instead of' : 'before'
}

/** What stands before may be a column of that name: `new.begin`. */
function findBegin(tokens: readonly Token[], from: number): number {
  return tokens.findIndex((token, at) => at > from + 1 && is(token, 'begin') && !is(tokens[at - 1], '.'))
}

/** Between `begin` and the last `end`, without the semicolon before that. */
function bodyOf(sql: string, tokens: readonly Token[], begin: number): string {
  const end = tokens.findLastIndex((token) => is(token, 'end'))
  const last = tokens.findLastIndex((token, at) => at < end && is(token, ';'))
  return sql.slice(tokens[begin]?.end, tokens[last]?.start).trim()
}
