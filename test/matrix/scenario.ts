/** A change of entities with rows in place, and what is to become of them. */
import type { DialectName } from '../support/servers.ts'

/** Entities by table name: properties, and further options of `defineEntity`. */
export type Entities = Readonly<Record<string, string | readonly [properties: string, options: string]>>

/**
 * In every text of it `$` at the end of a name makes the name this scenario's own, so that many of them can stand in one
 * database: `users$`.
 */
export interface Scenario {
  readonly before: Entities
  readonly after: Entities
  /** Statements that make rows which are there while the change is made. */
  readonly rows?: readonly string[]
  /** Statements that make what is no entity's and no revision's. */
  readonly outside?: readonly string[]
  /** What `check` lists of it: `table legacy$`. */
  readonly unmanaged?: readonly string[]
  /** As `--rename` takes them. */
  readonly renames?: readonly string[]
  /** What was renamed keeps the names of its sequence and constraints, which MikroORM would make anew. */
  readonly keepsNames?: true
  /** SQLite's text of the table is another one that means the same. */
  readonly respelled?: true
  /** What a query gives after the change. */
  readonly expect?: readonly [query: string, rows: readonly unknown[][]]
  /** Kinds of operations that the revision holds, no others; default any. */
  readonly operations?: readonly string[]
  /** Columns whose values the change does not keep, on the way there or back: `users$.a`. */
  readonly loses?: readonly string[]
  /** Where nothing is to be generated, with the reason. */
  readonly unseen?: Reasons
  /** Where it cannot be, with the reason. */
  readonly not?: Reasons
}

export type Reasons = Partial<Record<DialectName, string>>
/** What PostgreSQL cannot have or see, PGlite cannot either. */
export function reasonFor(dialect: DialectName, reasons: Reasons = {}): string | undefined {
  return reasons[dialect] ?? (dialect === 'pglite' ? reasons.postgresql : undefined)
}

export type Scenarios = Readonly<Record<string, Scenario>>

/** A scenario whose names are its own. */
export interface Instance {
  readonly name: string
  readonly number: number
  readonly scenario: Scenario
}

export const id = 'id: p.integer().primary()'

export function users(properties: string, options?: string): Entities {
  const all = `${id}, ${properties}`
  return { users$: options === undefined ? all : [all, options] }
}

/** Two shapes of one table, from and to. */
export function change(before: string, after: string, more: Partial<Scenario> = {}): Scenario {
  return { before: users(before), after: users(after), ...more }
}

export interface Property extends Partial<Omit<Scenario, 'before' | 'after'>> {
  readonly without: Entities
  readonly with: Entities
  /** The same property, another value. */
  readonly other?: Entities
}

/** Each property is added, changed and removed. */
export function properties(table: Readonly<Record<string, Property>>): Scenarios {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, { without, with: having, other, ...more }]) => [
      [`${name}: added`, { ...more, before: without, after: having }],
      ...(other ? [[`${name}: changed`, { ...more, before: having, after: other }]] : []),
      [`${name}: removed`, { ...more, before: having, after: without }],
    ]),
  )
}

export function instance(name: string, number: number, scenario: Scenario): Instance {
  return { name, number, scenario: owned(scenario, `_s${number}`) }
}

/** The number of the scenario that a text speaks of. */
export function numberIn(text: string): number | undefined {
  const found = /_s(\d+)(?!\d)/i.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

function owned<T>(value: T, suffix: string): T
function owned(value: unknown, suffix: string): unknown {
  if (typeof value === 'string') return value.replace(/(?<=\w)\$(?!\w|\$|\{)/g, suffix)
  if (Array.isArray(value)) return value.map((each) => owned(each, suffix))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [owned(key, suffix), owned(each, suffix)]),
  )
}

/** The module of these entities. */
export function entitiesText(entities: Entities): string {
  const blocks = Object.entries(entities).map(([name, definition]) => {
    const [all, options = ''] = typeof definition === 'string' ? [definition] : definition
    return `export const ${name} = defineEntity({ name: '${name}', tableName: '${name}', ${options === '' ? '' : `${options}, `}properties: { ${all} } })`
  })
  return `import { defineEntity, p, Type } from '@mikro-orm/core'
const Address = defineEntity({ name: 'Address', embeddable: true, properties: { street: p.string(), city: p.string().length(50) } })
class Money extends Type<string, string> { override getColumnType() { return 'decimal(12,4)' } }
export const unused = defineEntity({ name: 'unused', tableName: 'unused', properties: { id: p.integer().primary() } })
${blocks.join('\n')}
void Address
void Money
`
}
