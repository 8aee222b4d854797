/** Reads a project's entities with the user's own MikroORM. Opens no connection. */
import type { AbstractSqlDriver, MikroORM } from '@mikro-orm/sql'
import type { EntitySource, WantedSchema } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { joinName } from '../../src/schema/name.ts'
import { type Wanted, createStatements } from './create-statements.ts'
import { declaredSchema } from './declared.ts'
import { firstLine } from './first-line.ts'
import { fixLiterals } from './fix-literals.ts'
import { fixNativeEnums } from './fix-native-enums.ts'
import { migratorTable } from './migrator-table.ts'
import { isObject, offlineOptions } from './orm-config.ts'
import { placeSchemas, refuseSchemas, tableName } from './places.ts'
import { type PlatformName, loadPlatform } from './platform.ts'
import { type ProjectEntities, projectEntities } from './project-entities.ts'
import { declaredTypes } from './property-types.ts'
import { rowSecurity } from './row-security.ts'
import { wantedViews } from './views.ts'
import { writings } from './writing.ts'

/** @throws {AludelError} ENTITIES_INVALID, MIKRO_ORM_MISSING */
export async function readEntities(name: PlatformName, source: EntitySource): Promise<WantedSchema> {
  const [project, platform] = await Promise.all([projectEntities(name, source), loadPlatform(name)])
  const writing = writings[name]
  try {
    const orm = await discover(project)
    const metadata = [...orm.getMetadata().getAll().values()]
    const userPlatform = orm.driver.getPlatform()
    refuseSchemas(metadata, orm, writing)
    fixNativeEnums(metadata, userPlatform)
    fixLiterals(metadata, writing)
    const types = declaredTypes(metadata, userPlatform, (meta) => tableName(meta, orm, writing))
    // Asked with the schemas that the user knows: `skipTables` may name them.
    const places = placeSchemas(metadata, orm, orm.schema.getTargetSchema(), writing)
    const target = (): Wanted => {
      const schema = orm.schema.getTargetSchema('')
      const views = wantedViews(schema, { metadata, orm, core: project.orm.core, writing })
      const enums = userPlatform.supportsNativeEnums() ? Object.values(schema.getNativeEnums()) : []
      return {
        tables: schema.getTables().filter((table) => places.has(table.schema, table.name)),
        views: views.filter(({ view }) => places.has(view.schema, view.name)),
        enums: enums.filter((each) => places.has(each.schema, each.name)),
      }
    }
    const security = rowSecurity(target().tables, userPlatform.getSchemaHelper(), places)
    return {
      declared: declaredSchema(target(), { platform, writing, places, userPlatform, declaredTypes: types }),
      create: createStatements(target(), { platform: userPlatform, places, writing }),
      ...(places.schemas.length > 0 && { schemas: places.schemas }),
      ...(security.length > 0 && { others: security }),
      migratorTable: tableOfMigrator(project, userPlatform.getDefaultSchemaName()),
    }
  } catch (cause) {
    if (cause instanceof AludelError) throw cause
    throw new AludelError('ENTITIES_INVALID', `MikroORM refuses the entities: ${firstLine(cause)}`, {
      state: 'Nothing was changed.',
      fix: /provide either 'type' or 'entity'/.test(firstLine(cause))
        ? "Give it a type, as in `@Property({ type: 'string' })`: neither Node nor tsx keeps those of TypeScript. Or let `entities` name compiled .js files."
        : 'Correct the entity that it names; --debug prints all that MikroORM says.',
      cause,
    })
  }
}

/** As `reflect` names it. */
function tableOfMigrator({ options }: ProjectEntities, own: string | undefined): string {
  const table = migratorTable(isObject(options.migrations) ? options.migrations : {}, own)
  return table.schema === own ? table.name : joinName(table)
}

async function discover({ orm, options, entities }: ProjectEntities): Promise<MikroORM<AbstractSqlDriver>> {
  // Keys of the user's own configuration, which no type of ours knows.
  const offline = offlineOptions(options, entities, orm.driver) as never
  const hooks = isObject(options.discovery) ? options.discovery : {}
  // Synchronous discovery does not await these; `init` looks for optional packages first (20 ms).
  return hooks.onMetadata || hooks.afterDiscovered ? orm.MikroORM.init(offline) : new orm.MikroORM(offline)
}
