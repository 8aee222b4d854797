/** What of a schema is compared at all. */
import { AludelError } from '../errors.ts'
import { matchesGlob } from './glob.ts'
import { splitName } from './name.ts'
import { type Part, keepParts, partUses } from './parts.ts'
import { type Preset, type PresetName, presets } from './presets.ts'
import type { Schema, Table, View } from './schema.ts'

/** Something that a database has, or that entities want. */
export interface SchemaObject {
  readonly kind: 'schema' | 'table' | 'view' | 'enum' | Part['kind']
  readonly name: string
  /** Of a part: its table; of a view's trigger: the view. */
  readonly table?: string
  /** Left out: the connection's own, or the database has none. */
  readonly schema?: string
}

export type Side = 'database' | 'entities'

/** Tells whether an object is compared; called for both sides, each object that the other filters leave. */
export type Include = (object: SchemaObject, side: Side) => boolean

export interface Filter {
  readonly include?: Include
  /** Those beside the connection's own that are looked at; left out: those that entities or revisions name. */
  readonly schemas?: readonly string[]
  /** Globs of tables and views, `billing.*`; one that begins with `!` leaves out. Without one that does not, all the others stay. */
  readonly tables: readonly string[]
  readonly presets: readonly PresetName[]
}

export interface FilterOptions {
  readonly side: Side
  /** Names may say a schema ({@link splitName}). */
  readonly qualified: boolean
}

/**
 * The schema without what is filtered out. A foreign key to a table that is filtered out stays where its own table does; what is made of
 * a column that is filtered out goes with it.
 * @throws {AludelError} CONFIG_FAILED when `include` throws or gives no boolean
 */
export function filterSchema(schema: Schema, filter: Filter, { side, qualified }: FilterOptions): Schema {
  const { include, schemas, tables, presets: chosen } = filter
  const isAll = include === undefined && schemas === undefined && tables.length === 0 && chosen.length === 0
  if (isAll) return schema
  const hidden: readonly Preset[] = chosen.map((name) => presets[name])
  const split = (name: string): Pick<SchemaObject, 'name' | 'schema'> =>
    qualified ? splitName(name) : { name }
  const asks = (object: SchemaObject): boolean => include === undefined || ask(include, object, side)
  const isLookedAt = (name: string | undefined): boolean =>
    name === undefined ||
    ((schemas?.includes(name) ?? true) && !hidden.some((preset) => preset.schemas.includes(name)))
  const isRelation = (kind: 'table' | 'view', full: string): boolean => {
    const { name, schema: of } = split(full)
    return (
      isLookedAt(of) &&
      !hidden.some(({ relations }) => relations.includes(name)) &&
      isNamed(tables, of === undefined ? name : `${of}.${name}`) &&
      asks({ kind, name, ...(of === undefined ? {} : { schema: of }) })
    )
  }
  const keepsPart = (full: string, { kind, name }: Pick<Part, 'kind' | 'name'>): boolean => {
    const { name: table, schema: of } = split(full)
    return asks({ kind, name, table, ...(of === undefined ? {} : { schema: of }) })
  }
  const view = ({ triggers, ...rest }: View): View => {
    const left = triggers?.filter(({ name }) => keepsPart(rest.name, { kind: 'trigger', name })) ?? []
    return left.length === 0 ? rest : { ...rest, triggers: left }
  }
  return withoutEmpty({
    tables: mapRecord(schema.tables, (table) =>
      isRelation('table', table.name)
        ? withoutParts(table, (part) => keepsPart(table.name, part))
        : undefined,
    ),
    views: mapRecord(schema.views, (found) => (isRelation('view', found.name) ? view(found) : undefined)),
    enums: mapRecord(schema.enums, (found) => {
      const { name, schema: of } = split(found.name)
      const object = { kind: 'enum', name, ...(of === undefined ? {} : { schema: of }) } as const
      return isLookedAt(of) && asks(object) ? found : undefined
    }),
    schemas: schema.schemas?.filter((name) => isLookedAt(name) && asks({ kind: 'schema', name })),
    // What names a table, as a policy does, is not read as standing in a schema of that name.
    others: schema.others?.filter(({ kind, name }) =>
      hidden.every(({ schemas: away, extensions }) =>
        kind === 'extension' ? !extensions.includes(name) : !away.includes(split(name).schema ?? ''),
      ),
    ),
  })
}

function withoutParts(table: Table, keeps: (part: Part) => boolean): Table {
  const hidden = table.columns.flatMap((value) =>
    keeps({ kind: 'column', name: value.name, value }) ? [] : [value.name],
  )
  const isKept = (part: Part): boolean =>
    part.kind === 'column'
      ? !hidden.includes(part.name)
      : !hidden.some((column) => partUses(part, column)) && keeps(part)
  const { primaryKey, ...rest } = keepParts(table, isKept).table
  const isWhole = primaryKey !== undefined && !primaryKey.columns.some((column) => hidden.includes(column))
  return isWhole ? { ...rest, primaryKey } : rest
}

function isNamed(patterns: readonly string[], name: string): boolean {
  const excluded = patterns.filter((pattern) => pattern.startsWith('!'))
  const included = patterns.filter((pattern) => !pattern.startsWith('!'))
  return (
    (included.length === 0 || included.some((pattern) => matchesGlob(pattern, name))) &&
    !excluded.some((pattern) => matchesGlob(pattern.slice(1), name))
  )
}

function ask(include: Include, object: SchemaObject, side: Side): boolean {
  const call = `include(${JSON.stringify(object)}, '${side}')`
  let answer: unknown
  try {
    answer = include(object, side)
  } catch (cause) {
    throw failed(`${call} throws: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  if (typeof answer === 'boolean') return answer
  throw failed(`${call} gives ${answer === undefined ? 'nothing' : `a ${typeof answer}`}, not true or false`)
}

function failed(what: string, cause?: unknown): AludelError {
  return new AludelError('CONFIG_FAILED', `In the configuration ${what}.`, {
    state: 'Nothing was written or changed.',
    fix: 'Correct `include`: it gives true for what is compared, and false for what is left alone.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function mapRecord<T>(
  record: Readonly<Record<string, T>> = {},
  map: (value: T) => T | undefined,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const mapped = map(value)
      return mapped === undefined ? [] : [[name, mapped] as const]
    }),
  )
}

function withoutEmpty({
  tables,
  views,
  enums,
  schemas,
  others,
}: { [K in keyof Schema]: Schema[K] | undefined }): Schema {
  return {
    tables: tables ?? {},
    ...(views && Object.keys(views).length > 0 && { views }),
    ...(enums && Object.keys(enums).length > 0 && { enums }),
    ...(schemas && schemas.length > 0 && { schemas }),
    ...(others && others.length > 0 && { others }),
  }
}
