import type { Trigger } from '../../src/schema/schema.ts'
import type { OtherRow, TriggerRow } from './catalog-objects.ts'
import { compareTexts } from './texts.ts'

const timings = { BEFORE: 'before', AFTER: 'after' } as const
const events = { INSERT: 'insert', UPDATE: 'update', DELETE: 'delete' } as const

/** @param rows of one table */
export function readTriggers(rows: readonly TriggerRow[]): readonly Trigger[] {
  return rows
    .map(({ name, timing, event, body }): Trigger => ({
      name,
      timing: timings[timing],
      events: [events[event]],
      body: statements(body),
    }))
    .sort((a, b) => compareTexts(a.name, b.name))
}

/** What stands in the block, so that one statement is the same with a block around it and without. */
function statements(body: string): string {
  const text = body.trim()
  const [, inner] = /^begin\b([^]*)\bend$/i.exec(text) ?? []
  // What ends in a comment is not taken apart.
  if (inner === undefined || !/;\s*$/.test(inner)) return text
  return inner.replace(/;\s*$/, '').trim()
}

/** Triggers of one table and event that fire in another order than that of their names, which no operation makes. */
export function readTriggerOrder(rows: readonly TriggerRow[]): readonly OtherRow[] {
  const groups = Map.groupBy(rows, ({ table, timing, event }) => [table, timing, event].join(' '))
  return [...groups].flatMap(([group, triggers]) => {
    const names = triggers.toSorted((a, b) => a.place - b.place).map(({ name }) => name)
    const inOrder = names.join() === names.toSorted(compareTexts).join()
    return inOrder ? [] : [{ kind: 'trigger order', name: `${group.toLowerCase()}: ${names.join(', ')}` }]
  })
}
