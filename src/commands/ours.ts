/** What of a database is this project's; the rest is told, and never dropped. */
import { isDeepStrictEqual } from 'node:util'
import type { Settings } from '../config.ts'
import { matchesGlob } from '../schema/glob.ts'
import { mentions } from '../schema/mentions.ts'
import { type Part, keepParts, partUses, partsOf } from '../schema/parts.ts'
import { type Check, type ForeignKey, type Schema, type Table, tableNamed } from '../schema/schema.ts'
import type { HistorySchema } from './history-schema.ts'
import { type NewNames, type Rename, newNames } from './rename.ts'

export interface Unmanaged {
  readonly kind: string
  /** `users`, `users.legacy` */
  readonly name: string
}

export interface Claims {
  readonly wanted: Schema
  readonly history: HistorySchema
  readonly owns: Settings['owns']
  /** Answers: what one names is ours under its old name, and wanted under its new one. */
  readonly renames: readonly Rename[]
}

export interface Division {
  readonly ours: Schema
  /** Each once: of a table that is not ours, nothing but the table. */
  readonly unmanaged: readonly Unmanaged[]
  /** Of tables that are ours and are wanted no more: what goes with them though no revision made it. */
  readonly lost: readonly Unmanaged[]
}

/** Ours is what the entities want, what the history made, and what the configuration says that aludel owns. */
export function divide(live: Schema, claims: Claims): Division {
  const { wanted, history, owns, renames } = claims
  const made = history.built ?? history.schema
  const unmanaged: Unmanaged[] = []
  const lost: Unmanaged[] = []
  const isOurs = (kind: string, name: string, known: boolean): boolean => {
    const ours = known || isOwned(owns, name)
    if (!ours) unmanaged.push({ kind, name })
    return ours
  }
  const has = (record: object | undefined, name: string): boolean =>
    record !== undefined && Object.hasOwn(record, name)
  const tables = Object.values(live.tables).flatMap((table): Table[] => {
    const { name } = table
    const names = newNames(renames, name)
    const target = tableNamed(wanted, names.table)
    const answered = names.table !== name || names.columns.size + names.indexes.size > 0
    const known = answered || target !== undefined || has(made.tables, name)
    if (!isOurs('table', name, known)) return []
    const parted = keepParts(table, partKeeper(table, { target, names, ...claims }))
    const gone = parted.gone.map((part) => ({ kind: part.kind, name: `${name}.${part.name}` }))
    // A table that goes takes all that it has along, and comes back with it.
    if (target === undefined) lost.push(...gone)
    else unmanaged.push(...gone)
    return [target === undefined ? table : parted.table]
  })
  const kept = <T extends { readonly name: string }>(
    kind: string,
    record: Readonly<Record<string, T>> = {},
    ...known: readonly (Readonly<Record<string, T>> | undefined)[]
  ): Record<string, T> =>
    Object.fromEntries(
      Object.entries(record).filter(([name]) =>
        isOurs(
          kind,
          name,
          known.some((each) => has(each, name)),
        ),
      ),
    )
  const views = kept('view', live.views, wanted.views, made.views)
  const enums = kept('enum', live.enums, wanted.enums, made.enums)
  const schemas = live.schemas?.filter((name) =>
    isOurs(
      'schema',
      name,
      [wanted, made].some((each) => each.schemas?.includes(name)),
    ),
  )
  const named = new Set(
    [...(wanted.others ?? []), ...(made.others ?? [])].map(({ kind, name }) => `${kind} ${name}`),
  )
  const others = (live.others ?? []).filter(
    ({ kind, name }) =>
      !named.has(`${kind} ${name}`) && !textsOn(kind, history).some((sql) => mentions(sql, ownName(name))),
  )
  return {
    ours: {
      tables: Object.fromEntries(tables.map((table) => [table.name, table])),
      ...(live.views && { views }),
      ...(live.enums && { enums }),
      ...(schemas && { schemas }),
    },
    unmanaged: [...unmanaged, ...others],
    lost,
  }
}

/** What an author wrote, where nothing better tells what it made: an extension is the whole database's, and there before the history is built. */
function textsOn(kind: string, { built, raw, dataSteps }: HistorySchema): readonly string[] {
  if (kind === 'extension') return [...raw, ...dataSteps.map(({ source }) => source)]
  return built ? [] : raw
}

/** `touch` of `touch(integer)`, of `touch on users`, of `billing.touch`. */
function ownName(name: string): string {
  return /([^.( ]+)(?:\(.*| on .*)?$/s.exec(name)?.[1] ?? name
}

/** Tells of each part of a table that is ours whether it is ours too. */
function partKeeper(
  table: Table,
  { target, names, history, owns }: Claims & { readonly target: Table | undefined; readonly names: NewNames },
): (part: Part) => boolean {
  const record = history.built ?? history.schema
  // A database that was taken over may write the name in other letters than its history.
  const made = tableNamed(record, table.name) ?? tableNamed(record, names.table)
  const [parts, wanted, recorded] = [table, target, made].map((each) => (each ? partsOf(each) : []))
  const newName = (column: string): string => names.columns.get(column) ?? column
  const raw = history.built ? [] : history.raw.filter((sql) => mentions(sql, table.name))
  const isWanted = (part: Part): boolean => wanted?.some((each) => isSame(each, part)) ?? false
  // What stands in the place of something wanted under another name is one thing with it.
  const isTwin = (part: Part): boolean =>
    part.kind !== 'column' &&
    (wanted?.some(
      (each) =>
        isDeepStrictEqual(
          definition(each, (column) => column),
          definition(part, newName),
        ) && !parts?.some((other) => isSame(other, each)),
    ) ??
      false)
  const isKnown = (part: Part): boolean =>
    isWanted(part) ||
    (part.kind === 'column' && names.columns.has(part.name)) ||
    ((part.kind === 'index' || part.kind === 'unique') && names.indexes.has(part.name)) ||
    (recorded?.some((each) => isMadeAs(each, part)) ?? false) ||
    isTwin(part) ||
    raw.some((sql) => mentions(sql, part.name)) ||
    isOwned(owns, `${table.name}.${part.name}`) ||
    isOwned(owns, table.name)
  const foreign = (parts ?? [])
    .filter((part) => part.kind === 'column' && !isKnown(part))
    .map(({ name }) => name)
  return (part) =>
    part.kind === 'column'
      ? !foreign.includes(part.name)
      : isKnown(part) && (isWanted(part) || !foreign.some((column) => partUses(part, column)))
}

/** Uniques and indexes have their names in common. */
function isSame(one: Part, other: Part): boolean {
  const kindOf = ({ kind }: Part): Part['kind'] => (kind === 'unique' ? 'index' : kind)
  if (one.value.name !== undefined && other.value.name !== undefined)
    return one.value.name === other.value.name && kindOf(one) === kindOf(other)
  if (one.kind === 'foreignKey' && other.kind === 'foreignKey') return isSameReference(one.value, other.value)
  return (
    one.kind === 'check' &&
    other.kind === 'check' &&
    one.value.column !== undefined &&
    one.value.column === other.value.column
  )
}

function isSameReference(one: ForeignKey, other: ForeignKey): boolean {
  return isDeepStrictEqual([one.columns, one.references], [other.columns, other.references])
}

/** What a person left without a name has one in the database, or the other way round. */
function isMadeAs(made: Part, part: Part): boolean {
  if (isSame(made, part)) return true
  // MySQL and MariaDB make an index for a foreign key, by its name.
  if (made.kind === 'foreignKey' && part.kind === 'index') return made.value.name === part.name
  const named = made.value.name !== undefined && part.value.name !== undefined
  if (named || made.kind !== part.kind) return false
  if (made.kind === 'check' && part.kind === 'check') return plainText(made.value) === plainText(part.value)
  return 'columns' in made.value && 'columns' in part.value
    ? isDeepStrictEqual(made.value.columns, part.value.columns)
    : false
}

function plainText({ column, expression }: Check): string {
  const text =
    typeof expression === 'string' ? expression : `${column} in ${expression.in.map(literal).join()}`
  return text.toLowerCase().replace(/[\s()`"\\]/g, '')
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** All but its name, and the column that a check stands beside; columns under the names that answers give them. */
function definition({ kind, value }: Part, newName: (column: string) => string): unknown {
  const { name: _, ...rest } = { ...value, column: undefined }
  const named = (each: unknown): unknown => (typeof each === 'string' ? newName(each) : each)
  return [kind, { ...rest, ...('columns' in rest && { columns: rest.columns?.map(named) }) }]
}

function isOwned(owns: Settings['owns'], name: string): boolean {
  return owns === 'everything' || owns.some((pattern) => matchesGlob(pattern, name))
}
