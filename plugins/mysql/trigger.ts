import { ended } from '../../src/dialect.ts'
import type { Trigger } from '../../src/schema/schema.ts'
import { unsupported } from './constraints.ts'
import { quote } from './literal.ts'
import type { Name } from './name.ts'
import { compareTexts } from './texts.ts'

/**
 * Triggers of one event fire in the order of their names, as far as the others are known.
 * @throws {AludelError} NOT_SUPPORTED for what is no trigger here
 */
export function createTrigger(
  name: Name,
  table: string,
  trigger: Trigger,
  others: readonly Trigger[] = [],
): string {
  const { timing, events, columns, when, body, forEach } = trigger
  const [event, ...more] = events
  const faults: readonly (readonly [boolean, string, string])[] = [
    [event === undefined || more.length > 0, 'is not for one event', oneForEach(trigger)],
    [event === 'truncate', 'is for `truncate`', 'Leave that out where the database is this one.'],
    [timing === 'instead of', 'runs instead of the change', 'Run it `before` or `after` the change.'],
    [forEach === 'statement', 'runs for each statement', 'Let it run for each row.'],
    [columns !== undefined, 'is for some columns', 'Compare `old` and `new` in its body.'],
    [when !== undefined, 'has a condition', 'Put it into the body: `if … then … end if`.'],
    [body === undefined, 'calls a function', 'Give it a `body` on this database.'],
  ]
  const fault = faults.find(([isFault]) => isFault)
  if (fault) throw unsupported(name, `trigger ${trigger.name} of ${table} ${fault[1]}`, fault[2])
  const block = body === undefined || body === '' ? 'begin end' : `begin ${ended(body)} end`
  const next = others
    .filter((other) => other.timing === timing && other.events.join() === events.join())
    .find((other) => compareTexts(other.name, trigger.name) > 0)
  const order = next ? `precedes ${quote(next.name)} ` : ''
  return `create trigger ${quote(trigger.name)} ${timing} ${event} on ${quote(table)} for each row ${order}${block}`
}

/** Named as MikroORM names them. */
function oneForEach({ name, events }: Trigger): string {
  return `Make one trigger for each event: ${events.map((event) => `${name}_${event}`).join(', ')}.`
}
