import type { Trigger, TriggerEvent } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { changeTriggers, relationNamed } from '../relation.ts'
import { unknownShape } from '../shape.ts'
import { checkTrigger } from './check-trigger.ts'

export const definition: Definition<'createTrigger'> = {
  record: (table, trigger) => ({ table, trigger: sorted(trigger) }),
  values: ({ table, trigger: { when, body, execute, ...rest } }) => [table, { ...rest, when, body, execute }],
  check: checkTrigger,
  apply: (schema, { table, trigger }) =>
    changeTriggers(schema, table, (triggers) => {
      if (triggers.some(({ name }) => name === trigger.name))
        throw unknownShape(`Trigger ${trigger.name} of ${table} is there already`)
      return [...triggers, trigger]
    }),
  inverse: ({ table, trigger }) => [{ kind: 'dropTrigger', table, trigger: trigger.name }],
  object: ({ table, trigger }) => `${table}.${trigger.name}`,
  spell: (operation, declared) => ({ ...operation, trigger: spellTrigger(operation, declared) }),
}

/** In any order they mean the same. */
function sorted(trigger: Trigger): Trigger {
  if (!Array.isArray(trigger?.events)) return trigger
  const events: readonly TriggerEvent[] = trigger.events
  return { ...trigger, events: events.toSorted() }
}

/** Condition and statements as people wrote them. */
function spellTrigger(
  { table, trigger }: { readonly table: string; readonly trigger: Trigger },
  declared: Parameters<typeof relationNamed>[0],
): Trigger {
  const written = relationNamed(declared, table)?.triggers?.find(({ name }) => name === trigger.name)
  return {
    ...trigger,
    ...(trigger.when === undefined || written?.when === undefined ? {} : { when: written.when }),
    ...(trigger.body === undefined || written?.body === undefined ? {} : { body: written.body }),
    ...(trigger.execute === undefined || written?.execute === undefined ? {} : { execute: written.execute }),
  }
}
