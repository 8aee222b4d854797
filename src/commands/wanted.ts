/** The schema that the entities want. */
import type { Settings } from '../config.ts'
import { persistently } from '../database/connect.ts'
import type { Session, WantedStatement } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { type OtherObject, type Schema, type Table, emptySchema } from '../schema/schema.ts'
import type { PlaceRequest } from './built-history.ts'
import { toBuild } from './to-build.ts'

/** What the entities want, in both spellings. */
export interface Wanted {
  readonly declared: Schema
  readonly actual: Schema
  /** Of MikroORM's own migrator. */
  readonly migratorTable?: string | undefined
}

/**
 * What the entities want is built and read back, so that like is compared with like; but for the tables that the database surely has
 * just so, which are taken as they are there.
 */
export async function readWanted(
  settings: Settings,
  { dialect, url }: PlaceRequest,
  live: Promise<Schema>,
): Promise<Wanted> {
  const { declared, create, schemas, migratorTable, others = [] } = await dialect.entities(settings.entities)
  const build = async (statements: readonly WantedStatement[]): Promise<Schema> => {
    const work = async (session: Session): Promise<Schema> => {
      for (const { sql } of statements) await run(session, sql)
      return dialect.reflect(session, schemas ? { schemas } : {})
    }
    return persistently(dialect, settings, (limits) =>
      dialect.scratch(settings.scratchUrl ?? url, work, limits),
    )
  }
  const foreseen = (await dialect.foresee?.(create)) ?? new Map<string, Table>()
  const { statements, same } = toBuild(create, foreseen, await live)
  const isPart = statements.length < create.length
  const built =
    statements.length === 0 && isPart
      ? emptySchema
      : await build(statements).catch((error: unknown) => {
          // What a statement needs beside may have been left out; the whole tells.
          if (isPart && isInvalid(error)) return build(create)
          throw error
        })
  return { declared, actual: withOthers(withTables(built, same), others), migratorTable }
}

function withOthers(schema: Schema, others: readonly OtherObject[]): Schema {
  return others.length === 0 ? schema : { ...schema, others: [...(schema.others ?? []), ...others] }
}

/** Sorted by name, as `reflect` has them. */
function withTables(schema: Schema, tables: readonly Table[]): Schema {
  const all = { ...schema.tables, ...Object.fromEntries(tables.map((table) => [table.name, table])) }
  const sorted = Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { ...schema, tables: Object.fromEntries(sorted) }
}

function isInvalid(error: unknown): boolean {
  return error instanceof AludelError && error.code === 'ENTITIES_INVALID'
}

/** @throws {AludelError} ENTITIES_INVALID with what the database says against MikroORM's own statement */
async function run(session: Session, sql: string): Promise<void> {
  try {
    await session.simple(sql)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new AludelError(
      'ENTITIES_INVALID',
      `The database refuses what MikroORM makes of the entities: ${said}.`,
      {
        state: 'It was built in a scratch place; nothing was changed.',
        fix: `Correct the entity that makes this statement: ${sql}`,
        details: { sql },
        cause,
      },
    )
  }
}
