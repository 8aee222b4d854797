/** Schemas that entities name, each with a place of its own where what they want is built. */
import { randomBytes } from 'node:crypto'
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { AbstractSqlDriver, DatabaseSchema, MikroORM } from '@mikro-orm/sql'
import type { PlacedSchema } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { joinName } from '../../src/schema/name.ts'
import { mapSchemas, quoteName } from './sql-pieces.ts'
import type { Writing } from './writing.ts'

type Orm = MikroORM<AbstractSqlDriver>

export interface Places {
  readonly schemas: readonly PlacedSchema[]
  /** The user's schema of what MikroORM has in this one; undefined for the connection's own. */
  schemaOf(schema: string | undefined): string | undefined
  /** An object's name in a `Schema`. */
  nameOf(schema: string | undefined, name: string): string
  /** Name of what a foreign key refers to, as MikroORM has it: `billing.invoices`, `public.users`, `users`. */
  nameOfTarget(text: string): string
  /** An enum type as the database says it, from MikroORM's text of it: `mood`, `billing.mood[]`. */
  typeName(text: string, schema: string | undefined): string
  /** Tells whether the entities make a table, view or enum type of that name. */
  has(schema: string | undefined, name: string): boolean
  /** A text for the place where all is built. */
  build(sql: string): string
  /** A text for revisions. */
  spell(sql: string): string
}

/** The schema that the entity names, or the configuration for all; undefined for the connection's own. */
function schemaOfEntity({ schema }: EntityMetadata, { config }: Orm): string | undefined {
  const named = schema ?? config.get('schema')
  return named === config.getPlatform().getDefaultSchemaName() ? undefined : named
}

/** An entity's table or view in a `Schema`, before its schema is placed. */
export function tableName(meta: EntityMetadata, orm: Orm, writing: Writing): string {
  const schema = schemaOfEntity(meta, orm)
  return writing.schemas
    ? joinName({ ...(schema !== undefined && { schema }), name: meta.collection })
    : meta.collection
}

/**
 * It gives every schema of the metadata another name before SQL is made of it, so that nothing that is built touches the
 * project's own; the connection's own schema is named nowhere (MikroORM else writes `public` for full text indexes, and hands it
 * to the callbacks of index expressions).
 *
 * In texts that users write only names of what the entities make are changed: a function of the schema is not built, and has to
 * be found where it is.
 * @param target as MikroORM makes it of the metadata as they were
 */
export function placeSchemas(
  metadata: readonly EntityMetadata[],
  orm: Orm,
  target: DatabaseSchema,
  writing: Writing,
): Places {
  const own = orm.config.getPlatform().getDefaultSchemaName()
  const plain = (schema: string | undefined): string => (schema === own ? '' : (schema ?? ''))
  const known = knownObjects(target, plain)
  const id = randomBytes(6).toString('hex')
  const schemas = writing.schemas
    ? [...new Set([...known].map((key) => parse(key)[0]).filter((schema) => schema !== ''))]
        .toSorted()
        .map((name, at): PlacedSchema => ({ name, at: `aludel_scratch_${id}_${at + 1}` }))
    : []
  const ats = new Map(schemas.map(({ name, at }) => [name, at]))
  const names = new Map(schemas.map(({ name, at }) => [at, name]))
  const schemaOf = (schema: string | undefined): string | undefined =>
    plain(schema) === '' ? undefined : (names.get(plain(schema)) ?? schema)
  const has = (schema: string | undefined, name: string): boolean =>
    known.has(JSON.stringify([schemaOf(schema) ?? '', name]))
  const placeOf = (schema: string, name: string): string | undefined =>
    has(schema, name) && !names.has(schema) ? (ats.get(schema) ?? '') : undefined
  for (const meta of metadata) {
    const schema = schemaOfEntity(meta, orm)
    if (schema === undefined) delete meta.schema
    else if (has(schema, meta.root.tableName) || has(schema, meta.tableName))
      meta.schema = ats.get(schema) ?? schema
    for (const prop of Object.values<EntityProperty>(meta.properties)) placeProperty(prop, placeOf)
  }
  orm.config.reset('schema')
  const nameOf = (schema: string | undefined, name: string): string => {
    const named = schemaOf(schema)
    return writing.schemas ? joinName({ ...(named !== undefined && { schema: named }), name }) : name
  }
  return {
    schemas,
    schemaOf,
    has,
    nameOf,
    nameOfTarget: (text) => {
      const { schema, name } = qualified(text)
      return writing.schemas ? nameOf(schema, name) : text
    },
    typeName: (text, schemaOfTable) => {
      const { schema, name, array } = qualified(text)
      const named = schemaOf(schema ?? schemaOfTable)
      return `${[...(named === undefined ? [] : [named]), name].map(quoteName).join('.')}${array}`
    },
    build: (sql) => (writing.schemas ? mapSchemas(sql, placeOf) : sql),
    spell: (sql) =>
      writing.schemas
        ? mapSchemas(
            sql,
            (schema, name) => names.get(schema) ?? (placeOf(schema, name) === '' ? '' : undefined),
          )
        : sql,
  }
}

/** Each as JSON of its schema, empty for the connection's own, and its name. */
function knownObjects(
  target: DatabaseSchema,
  plain: (schema: string | undefined) => string,
): ReadonlySet<string> {
  const partitions = target.getTables().flatMap((table) => table.getPartitioning()?.partitions ?? [])
  return new Set(
    [
      ...target.getTables(),
      ...target.getViews(),
      ...Object.values(target.getNativeEnums()),
      ...partitions,
    ].map(({ schema, name }) => JSON.stringify([plain(schema), name])),
  )
}

function parse(key: string): readonly [schema: string, name: string] {
  return JSON.parse(key)
}

/** Discovery has written the schema into the names of a many-to-many table's targets and of enum types. */
function placeProperty(
  prop: EntityProperty,
  placeOf: (schema: string, name: string) => string | undefined,
): void {
  const placed = (text: string): string => {
    const { schema, name, array } = qualified(text)
    const place = schema === undefined ? undefined : placeOf(schema, name)
    if (place === undefined) return text
    return `${place === '' ? '' : `${place}.`}${name}${array}`
  }
  if (prop.referencedTableName) prop.referencedTableName = placed(prop.referencedTableName)
  if (prop.nativeEnumName === undefined) return
  prop.nativeEnumName = placed(prop.nativeEnumName)
  prop.columnTypes = prop.columnTypes?.map(placed)
}

/** Of MikroORM's own texts, which it cuts at the first dot. */
function qualified(text: string): {
  readonly schema: string | undefined
  readonly name: string
  readonly array: string
} {
  const [, schema, name = text, array = ''] = /^(?:([^.]*)\.)?(.*?)(\[\])?$/s.exec(text) ?? []
  return { schema, name, array }
}

/** A wildcard schema (`*`) too: MikroORM leaves such entities out without a word. */
export function refuseSchemas(metadata: readonly EntityMetadata[], orm: Orm, writing: Writing): void {
  const own = orm.config.getPlatform().getDefaultSchemaName()
  const elsewhere = metadata
    .filter(({ embeddable, virtual, abstract }) => !embeddable && !virtual && !abstract)
    .map((meta) => ({ entity: meta.className, schema: schemaOfEntity(meta, orm) }))
    .filter(({ schema }) => schema === '*' || (schema !== undefined && !writing.schemas))
  const [first] = elsewhere
  if (!first) return
  const list = elsewhere.map(({ entity, schema }) => `${entity} (${schema})`).join(', ')
  const message =
    first.schema === '*'
      ? `Entities in a schema that is known only when they are used cannot be compared: ${list}.`
      : `Entities in a schema of their own are for PostgreSQL: ${list}.`
  throw new AludelError('ENTITIES_INVALID', message, {
    fix:
      first.schema === '*'
        ? 'Name the schema, or leave them out of `entities` in the configuration.'
        : `Remove \`schema\` from them${own === undefined ? '' : `, or set it to "${own}"`}.`,
    details: { entities: elsewhere },
  })
}
