/** Triggers of tables and views. */
import { mentions } from '../../schema/mentions.ts'
import type { Schema, Trigger } from '../../schema/schema.ts'
import type { Operation } from '../operation.ts'
import { compareLists } from './lists.ts'
import { plainSql } from './plain-sql.ts'
import { namesObject, type Touched } from './touched.ts'

export interface TriggerChanges {
  /** Under the names of tables before. */
  readonly drop: readonly Operation[]
  readonly create: readonly Operation[]
}

export interface TriggerOptions {
  /** The name before of a table that is renamed. */
  readonly nameBefore: (table: string) => string
  /** What changes under them. */
  readonly changing: readonly Touched[]
  /** Tables and views whose triggers are gone with them. */
  readonly gone: ReadonlySet<string>
}

/**
 * @param from with its tables renamed
 */
export function compareTriggers(
  from: Schema,
  to: Schema,
  { nameBefore, changing, gone }: TriggerOptions,
): TriggerChanges {
  const drop: Operation[] = []
  const create: Operation[] = []
  const before = triggersOf(from)
  for (const [table, wanted] of triggersOf(to)) {
    const there = gone.has(table) ? [] : (before.get(table) ?? [])
    const isHeld = (trigger: Trigger): boolean =>
      changing.some((each) => isInTheWay(trigger, each, nameBefore(table)))
    const { gone: left, come } = compareLists(there, wanted, meaning)
    for (const trigger of there)
      if (left.includes(trigger) || isHeld(trigger))
        drop.push({ kind: 'dropTrigger', table: nameBefore(table), trigger: trigger.name })
    for (const trigger of wanted)
      if (come.includes(trigger) || there.some((each) => each.name === trigger.name && isHeld(each)))
        create.push({ kind: 'createTrigger', table, trigger })
  }
  return { drop, create }
}

function meaning(trigger: Trigger): Trigger {
  return trigger.body === undefined ? trigger : { ...trigger, body: plainSql(trigger.body) }
}

/** Of each table and view. */
function triggersOf(schema: Schema): ReadonlyMap<string, readonly Trigger[]> {
  return new Map(
    [...Object.values(schema.tables), ...Object.values(schema.views ?? {})].map(({ name, triggers = [] }) => [
      name,
      triggers,
    ]),
  )
}

/** A trigger of the table that names the column, and any that names what is renamed in its statements. */
function isInTheWay(trigger: Trigger, { table, column }: Touched, own: string): boolean {
  const text = [trigger.when, trigger.body, ...(trigger.columns ?? [])].join('\n')
  return column === undefined
    ? namesObject(text, table)
    : mentions(text, column) && (table === own || namesObject(text, table))
}
