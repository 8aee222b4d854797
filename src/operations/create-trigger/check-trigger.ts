import type { Trigger, TriggerEvent } from '../../schema/schema.ts'
import { triggerKeys } from '../keys.ts'
import { type Told, invalid, needKeys, needName, needTable } from '../needs.ts'

const timings: Record<Trigger['timing'], true> = { before: true, after: true, 'instead of': true }
const events: Record<TriggerEvent, true> = { insert: true, update: true, delete: true, truncate: true }

/** @throws {AludelError} OPERATION_INVALID */
export function checkTrigger(operation: Told & { readonly table: string; readonly trigger: Trigger }): void {
  const { trigger } = operation
  needTable(operation)
  needKeys(operation, trigger, triggerKeys)
  needName(operation, trigger.name, 'the name of the trigger')
  const wrong = (what: string, words: Readonly<Record<string, true>>): Error =>
    invalid(operation, `trigger ${trigger.name} needs \`${what}\`: ${Object.keys(words).join(', ')}`)
  if (!Object.hasOwn(timings, trigger.timing)) throw wrong('timing', timings)
  const { events: found }: { readonly events: unknown } = trigger
  const isKnown = Array.isArray(found) && found.every((event) => Object.hasOwn(events, String(event)))
  if (!isKnown || found.length === 0) throw wrong('events', events)
  if (trigger.columns && !trigger.events.includes('update'))
    throw invalid(operation, `trigger ${trigger.name} names columns, and is for no \`update\``)
  if ((trigger.body === undefined) === (trigger.execute === undefined))
    throw invalid(operation, `trigger ${trigger.name} needs either a \`body\` or what to \`execute\``)
}
