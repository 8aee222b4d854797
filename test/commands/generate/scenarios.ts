/** Generated revisions, scenario by scenario: applied they leave nothing to generate, and they go back. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect } from 'vitest'
import { loadSettings } from '../../../config/load.ts'
import { check } from '../../../src/commands/check.ts'
import type { Rename } from '../../../src/commands/rename.ts'
import type { Caller } from '../../../src/commands/project.ts'
import { revision } from '../../../src/commands/revision.ts'
import { downgrade, upgrade } from '../../../src/commands/upgrade.ts'
import { catalog } from '../../support/catalog.ts'
import type { TestDatabase } from '../../support/database.ts'
import { project } from '../../support/project.ts'
import type { DialectName } from '../../support/servers.ts'
import { sql } from '../../support/sql.ts'
import { unguarded } from '../../support/unguarded.ts'

/** Entities by table name: properties, and further options of `defineEntity`. */
type Entities = Readonly<Record<string, string | readonly [properties: string, options: string]>>

export interface Scenario {
  readonly before: Entities
  readonly after: Entities
  /** Rows that are there while the change is made. */
  readonly rows?: readonly string[]
  readonly renames?: readonly Rename[]
  /** What was renamed keeps the names of its sequence and constraints, which MikroORM would make anew. */
  readonly keepsNames?: true
  /** A drop that may be a rename is not consented to by the file. */
  readonly loses?: true
  /** What a query gives after the change. */
  readonly expect?: readonly [query: string, rows: readonly unknown[][]]
  /** Where nothing is to be generated, with the reason. */
  readonly unseen?: Partial<Record<DialectName, string>>
}

const id = 'id: p.integer().primary()'
const org = `${id}, name: p.string()`
const users = (properties: string): Entities => ({ users: `${id}, ${properties}` })
const change = (before: string, after: string, more: Partial<Scenario> = {}): Scenario => ({
  before: users(before),
  after: users(after),
  ...more,
})
const noLengths = { sqlite: 'SQLite keeps no lengths' }
const row = ["insert into users (id, a) values (1, 'keep')"]

const everyKind = `${id}, s: p.string(), s20: p.string().length(20).nullable(), t: p.text().nullable(), i: p.integer(), si: p.smallint().nullable(),
  ti: p.tinyint().nullable(), bi: p.bigint().nullable(), f: p.float().nullable(), d: p.double().nullable(),
  n: p.decimal().precision(12).scale(4).nullable(), b: p.boolean().default(false), dt: p.date().nullable(), tm: p.time().nullable(), dtm: p.datetime().nullable(),
  dtm3: p.datetime().length(3).nullable(), j: p.json().nullable(), u: p.uuid().nullable(), bl: p.blob().nullable(), e: p.enum(['new', 'old']).default('new'),
  q: p.string().default("it's"), z: p.integer().default(0), neg: p.integer().default(-5), empty: p.string().default(''), now: p.datetime().defaultRaw('current_timestamp'),
  c: p.string().length(3).comment("the code's")`

export const scenarios: Readonly<Record<string, Scenario>> = {
  'a table of every kind of column': {
    before: users('a: p.string()'),
    after: { ...users('a: p.string()'), kinds: everyKind },
  },
  'every kind of column added to a table': {
    before: users('a: p.string()'),
    after: { users: `${everyKind}, a: p.string()` },
  },
  'a table dropped': { before: { ...users('a: p.string()'), org }, after: users('a: p.string()') },
  'two tables with a foreign key': {
    before: users('a: p.string()'),
    after: {
      org,
      users: `${id}, a: p.string(), org: () => p.manyToOne(org).nullable().deleteRule('cascade').updateRule('cascade')`,
    },
    rows: row,
    expect: ['select a, org_id from users', [['keep', null]]],
  },
  'two tables with a foreign key dropped': {
    before: { org, users: `${id}, a: p.string(), org: () => p.manyToOne(org)` },
    after: users('a: p.string()'),
  },
  'a foreign key dropped, its column kept': {
    before: { org, users: `${id}, org: () => p.manyToOne(org)` },
    after: { org, users: `${id}, org_id: p.integer()` },
  },
  'the rule of a foreign key': {
    before: { org, users: `${id}, org: () => p.manyToOne(org).nullable()` },
    after: { org, users: `${id}, org: () => p.manyToOne(org).nullable().deleteRule('cascade')` },
  },
  'a table that refers to itself': {
    before: {},
    after: { users: `${id}, boss: () => p.manyToOne(users).nullable()` },
  },
  'tables that refer to each other': {
    before: {},
    after: { a: `${id}, b: () => p.manyToOne(b).nullable()`, b: `${id}, a: () => p.manyToOne(a).nullable()` },
  },
  'tables that refer to each other, dropped': {
    before: {
      a: `${id}, b: () => p.manyToOne(b).nullable()`,
      b: `${id}, a: () => p.manyToOne(a).nullable()`,
      users: id,
    },
    after: { users: id },
  },
  'a table of many to many': {
    before: { users: id, tags: id },
    after: { users: `${id}, tags: () => p.manyToMany(tags)`, tags: id },
  },
  'a composite primary key': {
    before: {},
    after: { lines: 'a: p.integer().primary(), b: p.integer().primary(), n: p.integer()' },
  },
  'a primary key of text, and of a uuid': {
    before: {},
    after: { k: 'code: p.string().length(8).primary()', u: 'key: p.uuid().primary()' },
  },
  'a foreign key to a composite primary key': {
    before: {},
    after: {
      lines: 'a: p.integer().primary(), b: p.integer().primary()',
      notes: `${id}, line: () => p.manyToOne(lines)`,
    },
  },
  'a nullable column': change('a: p.string()', 'a: p.string(), b: p.string().nullable()', {
    rows: row,
    expect: ['select a, b from users', [['keep', null]]],
  }),
  'a column with a default': change('a: p.string()', "a: p.string(), b: p.string().default('x')", {
    rows: row,
    expect: ['select a, b from users', [['keep', 'x']]],
  }),
  'a column with a default of a quote': change(
    'a: p.string()',
    `a: p.string(), b: p.string().default("it's")`,
    { rows: row, expect: ['select b from users', [["it's"]]] },
  ),
  'a dropped column': change('a: p.string(), b: p.string()', 'a: p.string()'),
  'an unrelated column dropped and added': change(
    'a: p.string(), b: p.string().nullable()',
    'a: p.string(), c: p.string().nullable()',
    {
      rows: ["insert into users (id, a, b) values (1, 'keep', 'gone')"],
      loses: true,
      expect: ['select a, c from users', [['keep', null]]],
    },
  ),
  'a column renamed as answered': change(
    'a: p.string(), phone: p.string()',
    'a: p.string(), phoneNumber: p.string()',
    {
      rows: ["insert into users (id, a, phone) values (1, 'keep', '123')"],
      renames: [{ table: 'users', column: 'phone', to: 'phone_number' }],
      expect: ['select a, phone_number from users', [['keep', '123']]],
    },
  ),
  'a table renamed as answered': {
    before: users('a: p.string()'),
    after: { people: `${id}, a: p.string()` },
    rows: row,
    renames: [{ table: 'users', to: 'people' }],
    keepsNames: true,
    expect: ['select a from people', [['keep']]],
  },
  'a column with an index, a unique constraint and a check renamed': {
    before: {
      users: [
        `${id}, phone: p.string().length(20).index().default('x'), b: p.string(), c: p.integer()`,
        "uniques: [{ properties: ['phone', 'b'] }], checks: [{ name: 'c_check', expression: 'c > 0' }]",
      ],
    },
    after: {
      users: [
        `${id}, phoneNumber: p.string().length(20).index().default('x'), b: p.string(), count: p.integer()`,
        "uniques: [{ properties: ['phoneNumber', 'b'] }], checks: [{ name: 'c_check', expression: 'count > 0' }]",
      ],
    },
    rows: ["insert into users (id, phone, b, c) values (1, '123', 'keep', 4)"],
    renames: [
      { table: 'users', column: 'phone', to: 'phone_number' },
      { table: 'users', column: 'c', to: 'count' },
    ],
    expect: ['select phone_number, b, count from users', [['123', 'keep', 4]]],
  },
  'the case of letters of a column': change(
    "a: p.string(), userid: p.string().name('userid').nullable().index()",
    "a: p.string(), userid: p.string().name('userId').nullable().index()",
    // PostgreSQL takes it for another column.
    { rows: ["insert into users (id, a, userid) values (1, 'keep', 'u')"], keepsNames: true, loses: true },
  ),
  'an enum renamed': change("a: p.enum(['x', 'y']).default('x')", "kind: p.enum(['x', 'y']).default('x')", {
    rows: ["insert into users (id, a) values (1, 'y')"],
    renames: [{ table: 'users', column: 'a', to: 'kind' }],
    expect: ['select kind from users', [['y']]],
  }),
  'a foreign key renamed, with a new rule': {
    before: { org, users: `${id}, org: () => p.manyToOne(org).nullable()` },
    after: { org, users: `${id}, company: () => p.manyToOne(org).nullable().deleteRule('cascade')` },
    rows: ["insert into org (id, name) values (7, 'o')", 'insert into users (id, org_id) values (1, 7)'],
    renames: [{ table: 'users', column: 'org_id', to: 'company_id' }],
    expect: ['select company_id from users', [[7]]],
  },
  'a primary key renamed': {
    before: { org, users: `${id}, org: () => p.manyToOne(org)` },
    after: {
      org: 'key: p.integer().primary(), name: p.string()',
      users: `${id}, org: () => p.manyToOne(org).name('org_id')`,
    },
    rows: ["insert into org (id, name) values (7, 'o')", 'insert into users (id, org_id) values (1, 7)'],
    renames: [{ table: 'org', column: 'id', to: 'key' }],
    keepsNames: true,
    expect: ['select org_id from users', [[7]]],
  },
  'a table renamed with the foreign key to it': {
    before: { org, users: `${id}, org: () => p.manyToOne(org).nullable()` },
    after: {
      company: org,
      users: `${id}, company: () => p.manyToOne(company).nullable()`,
    },
    rows: ["insert into org (id, name) values (7, 'o')", 'insert into users (id, org_id) values (1, 7)'],
    renames: [
      { table: 'org', to: 'company' },
      { table: 'users', column: 'org_id', to: 'company_id' },
    ],
    keepsNames: true,
    expect: ['select company_id from users', [[7]]],
  },
  'the type of a key that is referred to': {
    before: { org, users: `${id}, org: () => p.manyToOne(org).deleteRule('cascade')` },
    after: {
      org: 'id: p.bigint().primary(), name: p.string()',
      users: `${id}, org: () => p.manyToOne(org).deleteRule('cascade')`,
    },
    rows: ["insert into org (id, name) values (7, 'o')", 'insert into users (id, org_id) values (1, 7)'],
    expect: ['select name from users join org on org.id = users.org_id', [['o']]],
  },
  'a length': change('a: p.string().length(100)', 'a: p.string().length(200)', {
    rows: row,
    unseen: noLengths,
    expect: ['select a from users', [['keep']]],
  }),
  'string to text': change('a: p.string()', 'a: p.text()', {
    rows: row,
    unseen: noLengths,
    expect: ['select a from users', [['keep']]],
  }),
  'integer to bigint': change(
    'a: p.string(), n: p.integer().default(3)',
    'a: p.string(), n: p.bigint().default(3)',
    { rows: row, expect: ['select a from users', [['keep']]] },
  ),
  'the precision of a decimal': change(
    'a: p.string(), n: p.decimal().precision(10).scale(2).nullable()',
    'a: p.string(), n: p.decimal().precision(14).scale(4).nullable()',
    { rows: row },
  ),
  'the digits of a datetime': change('t: p.datetime(0).nullable()', 't: p.datetime(3).nullable()', {
    unseen: noLengths,
  }),
  'nullable to not null': change('a: p.string().nullable()', 'a: p.string()', {
    rows: row,
    expect: ['select a from users', [['keep']]],
  }),
  'not null to nullable': change('a: p.string()', 'a: p.string().nullable()', {
    rows: row,
    expect: ['select a from users', [['keep']]],
  }),
  'a default set': change('a: p.string()', "a: p.string().default('x')", { rows: row }),
  'a default changed': change("a: p.string().default('x')", `a: p.string().default("y's")`, { rows: row }),
  'a default dropped': change("a: p.string().default('x')", 'a: p.string()', { rows: row }),
  'a default of false made true': change(
    'a: p.string(), b: p.boolean().default(false)',
    'a: p.string(), b: p.boolean().default(true)',
    { rows: row },
  ),
  'a default of now': change(
    'a: p.string(), t: p.datetime().nullable()',
    "a: p.string(), t: p.datetime().nullable().defaultRaw('current_timestamp')",
    { rows: row },
  ),
  'type, null and default at once': change(
    'a: p.string().length(10).nullable()',
    "a: p.string().length(60).default('z')",
    { rows: row, expect: ['select a from users', [['keep']]] },
  ),
  'an index': change('a: p.string()', 'a: p.string().index()', { rows: row }),
  'an index dropped': change('a: p.string().index()', 'a: p.string()', { rows: row }),
  'an index with a name, of two columns': {
    before: users('a: p.string(), b: p.string()'),
    after: {
      users: [
        `${id}, a: p.string(), b: p.string()`,
        "indexes: [{ name: 'by_both', properties: ['b', 'a'] }]",
      ],
    },
  },
  'the columns of an index': {
    before: {
      users: [`${id}, a: p.string(), b: p.string()`, "indexes: [{ name: 'ix', properties: ['a'] }]"],
    },
    after: {
      users: [`${id}, a: p.string(), b: p.string()`, "indexes: [{ name: 'ix', properties: ['a', 'b'] }]"],
    },
  },
  'a unique column': change('a: p.string()', 'a: p.string().unique()', { rows: row }),
  'a unique column no more': change('a: p.string().unique()', 'a: p.string()', { rows: row }),
  'a unique constraint of two columns': {
    before: users('a: p.string(), b: p.string()'),
    after: { users: [`${id}, a: p.string(), b: p.string()`, "uniques: [{ properties: ['a', 'b'] }]"] },
  },
  'a unique constraint made an index': change('a: p.string().unique()', 'a: p.string().index()', {
    rows: row,
  }),
  'a check': {
    before: users('a: p.integer()'),
    after: { users: [`${id}, a: p.integer()`, "checks: [{ name: 'a_positive', expression: 'a > 0' }]"] },
  },
  'a value more of an enum': change("a: p.enum(['x', 'y'])", "a: p.enum(['x', 'y', 'z'])", {
    rows: ["insert into users (id, a) values (1, 'x')"],
    expect: ['select a from users', [['x']]],
  }),
  'an enum': change(
    'b: p.string().nullable()',
    "b: p.string().nullable(), a: p.enum(['x', 'y']).default('y')",
    { rows: ['insert into users (id) values (1)'], expect: ['select a from users', [['y']]] },
  ),
  'odd names': {
    before: { order: id },
    after: {
      order: `${id}, select: p.string().nullable(), camelCase: p.string().name('camelCase').nullable(), space: p.string().name('with space').nullable().index()`,
    },
  },
  'a comment': change('a: p.string()', "a: p.string().comment('what it is')", {
    rows: row,
    unseen: { sqlite: 'SQLite keeps no comments' },
  }),
  'an embeddable': {
    before: users('a: p.string()'),
    after: { users: `${id}, a: p.string(), home: () => p.embedded(Address).nullable()` },
  },
}

/** MikroORM writes a native enum's name elsewhere too, where there is no such type. */
export const nativeEnum: Scenario = change(
  'b: p.string().nullable()',
  "b: p.string().nullable(), a: p.enum(['x', 'y']).nativeEnumName('mood').default('y')",
  {
    rows: ['insert into users (id) values (1)'],
    expect: ['select a from users', [['y']]],
  },
)

/** MariaDB has no index of expressions, and MySQL quotes their columns in another way. */
export const expressionIndex: Scenario = {
  before: {
    users: [
      `${id}, b: p.integer()`,
      "indexes: [{ name: 'ixe', expression: 'create index ixe on users ((b + 1))' }], checks: [{ name: 'b_check', expression: 'b > 0' }]",
    ],
  },
  after: {
    users: [
      `${id}, b: p.integer().name('camelCase')`,
      `indexes: [{ name: 'ixe', expression: 'create index ixe on users (("camelCase" + 1))' }], checks: [{ name: 'b_check', expression: '"camelCase" > 0' }]`,
    ],
  },
  rows: ['insert into users (id, b) values (1, 4)'],
  renames: [{ table: 'users', column: 'b', to: 'camelCase' }],
}

/** The file of these entities. */
export function entitiesText(entities: Entities): string {
  const blocks = Object.entries(entities).map(([table, definition]) => {
    const [properties, options = ''] = typeof definition === 'string' ? [definition] : definition
    return `export const ${table} = defineEntity({ name: '${table}', tableName: '${table}', ${options === '' ? '' : `${options}, `}properties: { ${properties} } })`
  })
  return `import { defineEntity, p } from '@mikro-orm/core'
const Address = defineEntity({ name: 'Address', embeddable: true, properties: { street: p.string(), city: p.string().length(50) } })
export const Unused = defineEntity({ name: 'unused', tableName: 'unused', properties: { id: p.integer().primary() } })
${blocks.join('\n')}
void Address
`
}

let clock = 0
export const caller: Caller = {
  now: () => new Date(Date.UTC(2026, 0, 1) + clock++ * 1000),
  actor: 'test',
  version: 'test',
  guard: unguarded,
  at: () => {},
  onEvent: () => undefined,
}

/** The project's, and one for the oracle; both empty. */
export type Databases = readonly [db: TestDatabase, other: TestDatabase]

/** Entities before, generated and applied; entities after, generated and applied; back, and forth again. */
export async function carryThrough(
  dialect: DialectName,
  scenario: Scenario,
  [db, other]: Databases,
): Promise<void> {
  const app = project({
    'aludel.config.json': '{}',
    'before.ts': entitiesText(scenario.before),
    'after.ts': entitiesText(scenario.after),
  })
  const loaded = await loadSettings({ cwd: app.folder, env: {}, url: db.url })
  const settings = (file: string) => ({ ...loaded, entities: { root: app.folder, paths: [file] } })
  const generate = (file: string, renames: readonly Rename[] = []) =>
    revision(
      settings(file),
      { message: file, autogenerate: true, fromEmpty: false, revId: undefined, renames },
      caller,
    )
  const agrees = async (file: string) => {
    expect(await check(settings(file))).toEqual({ ok: true, pending: [], differences: [], unmanaged: [] })
    expect(await generate(file)).toMatchObject({ revision: null, operations: 0, warnings: [] })
  }

  await generate('before.ts')
  await upgrade(settings('before.ts'), { targets: ['head'], allowEdited: false }, caller)
  await agrees('before.ts')
  if (scenario.rows) await sql(db.url, ...scenario.rows)
  const start = await catalog(db.url, { columnOrder: false })

  const generated = await generate('after.ts', scenario.renames)
  if (scenario.unseen?.[dialect] !== undefined) {
    expect(generated).toMatchObject({ revision: null })
    return
  }
  expect(generated.operations).toBeGreaterThan(0)
  expect(generated.warnings.filter((warning) => warning.startsWith('Not written'))).toEqual([])
  const consent = scenario.loses ? 'everything' : new Map()
  await upgrade(settings('after.ts'), { targets: ['head'], allowEdited: false, consent }, caller)
  await agrees('after.ts')
  if (scenario.expect) expect(await sql(db.url, scenario.expect[0])).toEqual(scenario.expect[1])
  if (!scenario.keepsNames) {
    createWithMikroOrm(app.folder, dialect, other.url)
    expect(await catalog(db.url, { columnOrder: false })).toEqual(
      await catalog(other.url, { columnOrder: false }),
    )
  }

  await downgrade(settings('after.ts'), { targets: ['-1'], allowEdited: false }, caller)
  expect(await check(settings('before.ts'))).toMatchObject({ differences: [] })
  expect(await catalog(db.url, { columnOrder: false })).toEqual(start)
  await upgrade(settings('after.ts'), { targets: ['head'], allowEdited: false }, caller)
  await agrees('after.ts')
}

/** The oracle: the schema that MikroORM's own generator makes of the same entities, with quotes in defaults as they are meant. */
function createWithMikroOrm(folder: string, dialect: DialectName, url: string): void {
  const script = `
    import { MikroORM } from '@mikro-orm/${dialect}'
    import * as entities from './after.ts'
    const url = ${JSON.stringify(url)}
    const place = url.startsWith('sqlite:') ? { dbName: url.slice(7) } : { clientUrl: url.replace('mariadb:', 'mysql:') }
    const orm = new MikroORM({ ...place, entities: Object.values(entities), ensureDatabase: false })
    for (const { properties } of orm.getMetadata().getAll().values())
      for (const property of Object.values(properties))
        if (typeof property.default === 'string') property.defaultRaw = "'" + property.default.replaceAll("'", "''") + "'"
    await orm.schema.create()
    await orm.close(true)
  `
  const made = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`${path.basename(folder)}: ${made.stderr}`)
}
