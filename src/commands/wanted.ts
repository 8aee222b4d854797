/** The schema that the entities want. */
import type { Settings } from '../config.ts'
import { persistently } from '../database/connect.ts'
import type { Dialect, Session, Statement } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import type { Schema } from '../schema/schema.ts'

/** What the entities want, in both spellings. */
export interface Wanted {
  readonly declared: Schema
  readonly actual: Schema
  readonly create: readonly Statement[]
}

export interface EnumTypes {
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
}

/** Enum types that the entities need and the database lacks: MikroORM's own statements, as raw SQL there and back. */
export function enumTypes({ actual, create }: Wanted, live: Schema): EnumTypes {
  const there = new Set(live.others?.filter(({ kind }) => kind === 'enum').map(({ name }) => name))
  const missing = actual.others?.filter(({ kind, name }) => kind === 'enum' && !there.has(name)) ?? []
  const statements = create.flatMap(({ sql }) => {
    const name = /^create type (.+?) as enum\b/i.exec(sql)?.[1]
    return name !== undefined && missing.some((type) => type.name === unquoted(name)) ? [{ sql, name }] : []
  })
  return {
    upgrade: statements.map(({ sql }) => ({ kind: 'execute', sql })),
    downgrade: statements.map(({ name }) => ({ kind: 'execute', sql: `drop type ${name}` })),
  }
}

/** The last part of `"public"."status"`, without its quotes. */
function unquoted(name: string): string {
  const quoted = /"((?:[^"]|"")*)"$/.exec(name)?.[1]?.replaceAll('""', '"')
  return quoted ?? name.split('.').at(-1) ?? name
}

/** What the entities want is built and read back, so that like is compared with like. */
export async function readWanted(settings: Settings, dialect: Dialect, url: string): Promise<Wanted> {
  const { declared, create } = await dialect.entities(settings.entities)
  const work = async (session: Session): Promise<Schema> => {
    for (const { sql } of create) await build(session, sql)
    return dialect.reflect(session)
  }
  const actual = await persistently(dialect, settings, (limits) =>
    dialect.scratch(settings.scratchUrl ?? url, work, limits),
  )
  return { declared, actual, create }
}

/** @throws {AludelError} ENTITIES_INVALID with what the database says against MikroORM's own statement */
async function build(session: Session, sql: string): Promise<void> {
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
