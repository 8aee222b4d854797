import type { Capabilities } from '../dialect.ts'
import { describeOperation } from '../operations/describe.ts'
import { diff } from '../operations/diff.ts'
import type { Schema } from '../schema/schema.ts'

export interface DriftOptions {
  /** Tables that no history makes: those of the tools themselves. */
  readonly own: readonly string[]
  readonly capabilities: Capabilities
}

/** What would make the database what its history makes, object by object: `addColumn users.email`, `missing view totals`. */
export function driftFrom(
  history: Schema,
  live: Schema,
  { own, capabilities }: DriftOptions,
): readonly string[] {
  const names = own.map((name) => name.toLowerCase())
  const tables = Object.entries(live.tables).filter(([name]) => !names.includes(name.toLowerCase()))
  const operations = diff({ ...live, tables: Object.fromEntries(tables) }, history, capabilities)
  const [built, found] = [history, live].map(
    ({ others = [] }) => new Set(others.map(({ kind, name }) => `${kind} ${name}`)),
  )
  const missing = [...(built ?? [])].filter((each) => !found?.has(each)).map((each) => `missing ${each}`)
  // An extension is the whole database's: where it is, a scratch place in it gets none.
  const more = [...(found ?? [])]
    .filter((each) => !built?.has(each) && !each.startsWith('extension '))
    .map((each) => `more than the history: ${each}`)
  return [...operations.map(describeOperation), ...missing, ...more]
}
