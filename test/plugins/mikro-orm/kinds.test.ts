/** What MikroORM itself makes of entities of every kind is what is built, and what is written builds the same. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { MariaDbDriver } from '@mikro-orm/mariadb'
import { MySqlDriver } from '@mikro-orm/mysql'
import { PostgreSqlDriver } from '@mikro-orm/postgresql'
import { type AbstractSqlDriver, MikroORM } from '@mikro-orm/sql'
import { SqliteDriver } from '@mikro-orm/sqlite'
import { expect, test } from 'vitest'
import { loadDialect } from '../../../config/dialects.ts'
import { readEntities } from '../../../plugins/mikro-orm/entities.ts'
import type { Dialect, Session } from '../../../src/dialect.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { type Schema, emptySchema } from '../../../src/schema/schema.ts'
import { database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import { userProject } from './user-project.ts'

/** Each entity shows a few kinds; all of them can be on every database. */
const kinds = `
import { EntitySchema, StringType, Type, defineEntity, p, quote, raw } from '@mikro-orm/core'
class Slug extends Type { getColumnType() { return 'varchar(40)' } }
class Code extends StringType {}

const Point = defineEntity({ name: 'Point', embeddable: true, properties: { x: p.double(), y: p.double().nullable() } })
const Address = defineEntity({ name: 'Address', embeddable: true, properties: {
  street: p.string().length(90), kind: p.enum(['home', 'work']).default('home'), at: () => p.embedded(Point) } })

export const Company = defineEntity({ name: 'Company', tableName: 'companies', comment: "all of them; it's",
  filters: { live: { name: 'live', cond: { deletedAt: null }, default: true } },
  indexes: [{ properties: ['name', 'code'] }, { name: 'company_place', properties: ['home.street'] }],
  uniques: [{ properties: ['slug', 'code'] }],
  checks: [{ name: 'long_name', expression: (columns) => 'length(' + columns.name + ') > 2' }],
  properties: {
    id: p.bigint().primary(), name: p.string().length(120).comment("what it's called"), slug: p.type(Slug), code: p.type(Code).length(9).default('x'),
    deletedAt: p.datetime().length(0).nullable(), version: p.integer().version(), price: p.decimal().precision(12).scale(4).default('1.5'),
    home: () => p.embedded(Address), bare: () => p.embedded(Address).prefix(false), data: () => p.embedded(Address).object(), others: () => p.embedded(Address).array(),
    upper: p.string().length(130).generated((columns) => "(upper(" + columns.name + ")) stored"), count: p.integer().unsigned().default(0),
    typed: p.string().columnType('varchar(77)').nullable(), note: p.text().lazy().nullable(), tags: p.array().nullable(), meta: p.json().nullable(),
    formula: p.integer().formula('1 + 1'), never: p.string().persist(false), order: p.integer().nullable(), 'with space': p.integer().fieldName('with space').nullable(),
  } })

export const Person = defineEntity({ name: 'Person', properties: {
  id: p.uuid().primary(), boss: () => p.manyToOne(Person).ref().nullable(), reports: () => p.oneToMany(Person).mappedBy('boss'),
  company: () => p.manyToOne(Company).ref().deleteRule('cascade'), passport: () => p.oneToOne(Passport).owner().nullable(),
  friends: () => p.manyToMany(Person), skills: () => p.manyToMany(Skill).pivotEntity(() => PersonSkill) } })
export const Passport = defineEntity({ name: 'Passport', properties: {
  country: p.character().length(2).primary(), number: p.string().length(20).primary(), holder: () => p.oneToOne(Person).mappedBy('passport') } })
export const Skill = defineEntity({ name: 'Skill', properties: { id: p.smallint().primary(), name: p.string().unique() } })
export const PersonSkill = defineEntity({ name: 'PersonSkill', properties: {
  person: () => p.manyToOne(Person).primary(), skill: () => p.manyToOne(Skill).primary(), level: p.tinyint().default(1) } })
export const Visit = defineEntity({ name: 'Visit', properties: {
  id: p.integer().primary(), passport: () => p.manyToOne(Passport), at: p.datetime().defaultRaw('current_timestamp') } })

export const Egg = defineEntity({ name: 'Egg', properties: { id: p.integer().primary(), hen: () => p.manyToOne(Hen) } })
export const Hen = defineEntity({ name: 'Hen', properties: { id: p.integer().primary(), egg: () => p.manyToOne(Egg).nullable() } })

export const Animal = defineEntity({ name: 'Animal', discriminatorColumn: 'kind', discriminatorValue: 'animal',
  properties: { id: p.integer().primary(), kind: p.enum(['animal', 'dog', 'cat']) } })
export const Dog = defineEntity({ name: 'Dog', extends: Animal, discriminatorValue: 'dog', properties: { barks: p.boolean().default(true) } })
export const Cat = defineEntity({ name: 'Cat', extends: Animal, discriminatorValue: 'cat', properties: { lives: p.integer(), prey: () => p.manyToOne(Skill).nullable() } })

export const Vehicle = defineEntity({ name: 'Vehicle', inheritance: 'tpt', properties: { id: p.integer().primary(), name: p.string() } })
export const Car = defineEntity({ name: 'Car', extends: Vehicle, properties: { doors: p.integer() } })

const Base = defineEntity({ name: 'Base', abstract: true, properties: { id: p.integer().primary(), createdAt: p.datetime().onCreate(() => new Date()) } })
export const Post = new EntitySchema({ name: 'Post', extends: 'Base', properties: { title: { type: 'string', length: 50 }, author: { kind: 'm:1', entity: () => Person, nullable: true } } })
export const base = [Base]
export const Virtual = defineEntity({ name: 'Virtual', expression: 'select 1 as id', properties: { id: p.integer() } })
`

const ofPostgresql = `
export const Own = defineEntity({ name: 'Own',
  indexes: [
    { properties: ['data'], name: 'search', type: 'gin' },
    { properties: ['name'], name: 'covering', include: ['nick'], columns: [{ name: 'name', sort: 'desc', nulls: 'last', collation: 'C' }] },
    { properties: ['name'], name: 'full', fillFactor: 70 },
    { properties: ['name'], name: 'hashed', type: 'hash' },
  ],
  uniques: [{ properties: ['name', 'nick'], name: 'later', deferMode: 'deferred' }, { properties: ['nick'], name: 'live', where: "name <> ''" }],
  properties: {
    id: p.integer().generated('by default as identity').primary(), name: p.string().collation('C'), nick: p.string().columnType('varchar').nullable(),
    mood: p.enum(['sad', "it's"]).nativeEnumName('Mood').default("sad"), moods: p.enum(['sad', "it's"]).array().nativeEnumName('Mood').nullable(),
    data: p.json().defaultRaw("'{}'"), key: p.uuid().defaultRaw('gen_random_uuid()'), at: p.datetime().columnType('timestamp(3)'), zoned: p.datetime().length(6),
    hour: p.time().length(0), span: p.interval().nullable(), raw: p.type('inet').nullable(), list: p.array().columnType('int[]').nullable(), bits: p.blob(),
    next: () => p.manyToOne(Own).deferMode('immediate').updateRule('no action').nullable(), always: p.integer().generated('identity') } })
export const Pair = defineEntity({ name: 'Pair', properties: { one: p.integer().primary(), two: p.integer().primary(), counted: p.integer().autoincrement() } })
`
const ofMysql = `
export const Own = defineEntity({ name: 'Own', indexes: [
    { properties: ['name'], name: 'start', columns: [{ name: 'name', length: 10 }] }, { properties: ['text'], name: 'words', type: 'fulltext' } ],
  uniques: [{ properties: ['name'], name: 'start_of', columns: [{ name: 'name', length: 5, sort: 'desc' }] }],
  properties: {
    id: p.integer().primary(), name: p.string().collation('utf8mb4_bin').default("a\\\\b"), text: p.text(), year: p.type('year').nullable(), big: p.bigint().unsigned(),
    at: p.datetime().length(3).defaultRaw('current_timestamp(3)').extra('on update current_timestamp(3)'), medium: p.mediumint(), flag: p.tinyint().default(0),
    later: p.datetime().columnType('timestamp').nullable(), price: p.decimal().unsigned(), long: p.text().columnType('longtext').nullable(), bits: p.blob() } })
`
const own = {
  sqlite: `
export const Own = defineEntity({ name: 'Own', indexes: [{ properties: ['name'], name: 'falling', columns: [{ name: 'name', sort: 'desc' }] }],
  uniques: [{ properties: ['name'], name: 'live', where: "name <> ''" }],
  properties: { id: p.integer().primary(), name: p.string().collation('nocase'), mood: p.enum(['sad']).nullable(), any: p.type('any').nullable(), bits: p.blob() } })
`,
  postgresql: ofPostgresql,
  pglite: ofPostgresql,
  mysql: ofMysql,
  mariadb: ofMysql,
} as const

const drivers = {
  sqlite: SqliteDriver,
  postgresql: PostgreSqlDriver,
  mysql: MySqlDriver,
  mariadb: MariaDbDriver,
} as const

test.each(['sqlite', 'postgresql', 'mysql', 'mariadb'] as const)(
  'on %s the statements are those of getCreateSchemaSQL',
  async (name) => {
    const root = userProject({ 'entities.mjs': kinds + own[name] })
    const { create } = await readEntities(name, { root, paths: ['entities.mjs'] })
    const exported: Readonly<Record<string, unknown>> = await import(
      pathToFileURL(path.join(root, 'entities.mjs')).href
    )
    const orm = new MikroORM<AbstractSqlDriver>({
      driver: drivers[name],
      dbName: 'none',
      // What the module exports, a list among it.
      entities: Object.values(exported).flat() as never,
    })
    const text = await orm.schema.getCreateSchemaSQL({ wrap: false })
    expect(create.map(({ sql }) => `${sql};`).join('\n')).toEqual(text.split('\n').filter(Boolean).join('\n'))
  },
)

describeDialects('what is written', (name) => {
  test('builds what the entities want', async () => {
    const root = userProject({ 'entities.mjs': kinds + own[name] })
    const dialect = await loadDialect(name, root)
    const { create, declared } = await dialect.entities({ root, paths: ['entities.mjs'] })
    const { url } = await database(name)
    const build = async (statements: readonly { readonly sql: string }[]): Promise<Schema> =>
      dialect.scratch(url, async (session: Session) => {
        for (const { sql } of statements) await session.simple(sql)
        return dialect.reflect(session)
      })
    const written = await dialect.compile(operations(declared, dialect), emptySchema)
    const types = create.filter(({ sql }) => sql.startsWith('create type'))
    expect(withoutTexts(await build([...types, ...written.flat()]))).toEqual(
      withoutTexts(await build(create)),
    )
  })
})

/** Foreign keys with their tables, where what they name may come later. */
function operations({ tables }: Schema, { capabilities }: Dialect): readonly Operation[] {
  const all = Object.values(tables)
  if (capabilities.forwardReferences) return all.map((table) => ({ kind: 'createTable', table }))
  return [
    ...all.map(({ foreignKeys: _, ...table }): Operation => ({ kind: 'createTable', table })),
    ...all.flatMap(({ name, foreignKeys = [] }) =>
      foreignKeys.map((foreignKey): Operation => ({ kind: 'createForeignKey', table: name, foreignKey })),
    ),
  ]
}

/** SQLite keeps its texts beside. */
function withoutTexts({ tables, others }: Schema): unknown {
  return { tables: Object.values(tables).map(({ source: _, ...table }) => table), others }
}
