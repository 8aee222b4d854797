/** Reads a project's entities with the user's own MikroORM. Opens no connection. */
import type { EntityMetadata } from '@mikro-orm/core'
import type { AbstractSqlDriver, DatabaseTable, MikroORM } from '@mikro-orm/sql'
import type { EntitySource, WantedSchema } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { createStatements } from './create-statements.ts'
import { declaredSchema } from './declared.ts'
import { firstLine } from './first-line.ts'
import { fixLiterals } from './fix-literals.ts'
import { isObject, offlineOptions } from './orm-config.ts'
import { type PlatformName, loadPlatform } from './platform.ts'
import { type ProjectEntities, projectEntities } from './project-entities.ts'
import { declaredTypes } from './property-types.ts'
import { writings } from './writing.ts'

/** @throws {AludelError} ENTITIES_INVALID, MIKRO_ORM_MISSING */
export async function readEntities(name: PlatformName, source: EntitySource): Promise<WantedSchema> {
  const [project, platform] = await Promise.all([projectEntities(name, source), loadPlatform(name)])
  const writing = writings[name]
  try {
    const orm = await discover(project)
    const metadata = [...orm.getMetadata().getAll().values()]
    const userPlatform = orm.driver.getPlatform()
    refuseSchemas(metadata, orm)
    fixLiterals(metadata, writing)
    const types = declaredTypes(metadata, userPlatform)
    // Asked with the schema that the user knows: `skipTables` may name it.
    const names = new Set(
      orm.schema
        .getTargetSchema()
        .getTables()
        .map((table) => table.name),
    )
    const target = (): readonly DatabaseTable[] =>
      unqualifiedTables(orm).filter((table) => names.has(table.name))
    const enums = orm.schema.getTargetSchema().getNativeEnums()
    return {
      declared: declaredSchema(target(), { platform, writing, userPlatform, declaredTypes: types }),
      create: createStatements(target(), Object.values(enums), userPlatform),
    }
  } catch (cause) {
    if (cause instanceof AludelError) throw cause
    throw new AludelError('ENTITIES_INVALID', `MikroORM refuses the entities: ${firstLine(cause)}`, {
      state: 'Nothing was changed.',
      fix: 'Correct the entity that it names; --debug prints all that MikroORM says.',
      cause,
    })
  }
}

async function discover({ orm, options, entities }: ProjectEntities): Promise<MikroORM<AbstractSqlDriver>> {
  // Keys of the user's own configuration, which no type of ours knows.
  const offline = offlineOptions(options, entities, orm.driver) as never
  const hooks = isObject(options.discovery) ? options.discovery : {}
  // Synchronous discovery does not await these; `init` looks for optional packages first (20 ms).
  return hooks.onMetadata || hooks.afterDiscovered ? orm.MikroORM.init(offline) : new orm.MikroORM(offline)
}

/** A wildcard schema (`*`) too: MikroORM leaves such entities out without a word. */
function refuseSchemas(metadata: readonly EntityMetadata[], { config }: MikroORM<AbstractSqlDriver>): void {
  const own = config.getPlatform().getDefaultSchemaName()
  const elsewhere = metadata
    .filter(({ embeddable, virtual, view, abstract }) => !embeddable && !virtual && !view && !abstract)
    .map(({ className, schema }) => ({ entity: className, schema: schema ?? config.get('schema') }))
    .filter(({ schema }) => schema !== undefined && schema !== own)
  if (elsewhere.length === 0) return
  const list = elsewhere.map(({ entity, schema }) => `${entity} (${schema})`).join(', ')
  throw new AludelError(
    'ENTITIES_INVALID',
    `Entities in a schema of their own are not supported yet: ${list}.`,
    {
      fix: `Remove \`schema\` from them${own === undefined ? '' : `, or set it to "${own}"`}.`,
      details: { entities: elsewhere },
    },
  )
}

/**
 * Makes the tables without the schema `public`, which MikroORM else writes for full text indexes and hands to the
 * callbacks of index expressions: built in a scratch schema such an index would reach for the project's own table.
 */
function unqualifiedTables(orm: MikroORM<AbstractSqlDriver>): readonly DatabaseTable[] {
  for (const meta of orm.getMetadata().getAll().values()) delete meta.schema
  orm.config.reset('schema')
  return orm.schema.getTargetSchema('').getTables()
}
