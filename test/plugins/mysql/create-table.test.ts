import { defineEntity, p } from '@mikro-orm/core'
import { type AbstractSqlDriver, MikroORM, type Options } from '@mikro-orm/sql'
import { expect, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import type { Name } from '../../../plugins/mysql/name.ts'
import type { Column, Table } from '../../../src/schema/schema.ts'
import { carryOut, describeBoth, open, reflectTable, runAll, showTable } from './support.ts'

type Entities = NonNullable<Options<AbstractSqlDriver>['entities']>

const Author = defineEntity({
  name: 'Author',
  tableName: 'author',
  comment: "people's names",
  properties: {
    id: p.integer().primary(),
    name: p.string().length(100).unique('author_name_uq'),
    bio: p.text().nullable().default('none'),
  },
})

const author: Table = {
  name: 'author',
  comment: "people's names",
  columns: [
    { name: 'id', type: 'integer', unsigned: true, autoincrement: true },
    { name: 'name', type: 'string', length: 100 },
    { name: 'bio', type: 'text', nullable: true, default: 'none' },
  ],
  primaryKey: { columns: ['id'] },
  uniques: [{ name: 'author_name_uq', columns: ['name'] }],
}

const Kinds = defineEntity({
  name: 'Kinds',
  tableName: 'kinds',
  properties: {
    id: p.bigint().primary(),
    str: p.string(),
    str50: p.string().length(50).default('new').collation('utf8mb4_bin').comment("it's a column"),
    chr: p.character().length(3),
    txt: p.text(),
    num: p.integer().default(5),
    uns: p.integer().unsigned(),
    tiny: p.tinyint(),
    small: p.smallint().default(-1),
    medium: p.mediumint(),
    big: p.bigint().nullable(),
    flt: p.float(),
    dbl: p.double(),
    dec: p.decimal().precision(10).scale(2).default('1.5'),
    yes: p.boolean().default(true),
    no: p.boolean().default(false),
    day: p.date(),
    hour: p.time(),
    hour3: p.time().length(3),
    at: p.datetime().defaultRaw('current_timestamp'),
    at3: p.datetime().length(3).defaultRaw('current_timestamp(3)').extra('on update current_timestamp(3)'),
    js: p.json().nullable(),
    jsDefault: p.json().default('{}'),
    uu: p.uuid(),
    bin: p.blob().nullable(),
    kind: p.enum(['a', 'b']).default('a'),
    own: p.string().columnType('varbinary(20)').nullable(),
    gen: p.string().length(60).generated("(concat(str, 'x')) virtual"),
    genStored: p.integer().generated('(num + 1) stored'),
  },
})

const kinds: Table = {
  name: 'kinds',
  columns: [
    { name: 'id', type: 'bigint', unsigned: true, autoincrement: true },
    { name: 'str', type: 'string' },
    {
      name: 'str50',
      type: 'string',
      length: 50,
      default: 'new',
      collation: 'utf8mb4_bin',
      comment: "it's a column",
    },
    { name: 'chr', type: 'character', length: 3 },
    { name: 'txt', type: 'text' },
    { name: 'num', type: 'integer', default: 5 },
    { name: 'uns', type: 'integer', unsigned: true },
    { name: 'tiny', type: 'tinyint' },
    { name: 'small', type: 'smallint', default: -1 },
    { name: 'medium', type: 'mediumint' },
    { name: 'big', type: 'bigint', nullable: true },
    { name: 'flt', type: 'float' },
    { name: 'dbl', type: 'double' },
    { name: 'dec', type: 'decimal', precision: 10, scale: 2, default: '1.5' },
    { name: 'yes', type: 'boolean', default: true },
    { name: 'no', type: 'boolean', default: false },
    { name: 'day', type: 'date' },
    { name: 'hour', type: 'time' },
    { name: 'hour3', type: 'time', length: 3 },
    { name: 'at', type: 'datetime', default: { sql: 'current_timestamp' } },
    {
      name: 'at3',
      type: 'datetime',
      length: 3,
      default: { sql: 'current_timestamp(3)' },
      extra: 'on update current_timestamp(3)',
    },
    { name: 'js', type: 'json', nullable: true },
    { name: 'js_default', type: 'json', default: '{}' },
    { name: 'uu', type: 'uuid' },
    { name: 'bin', type: 'blob', nullable: true },
    { name: 'kind', type: 'enum', items: ['a', 'b'], default: 'a' },
    { name: 'own', type: { sql: 'varbinary(20)' }, nullable: true },
    { name: 'gen', type: 'string', length: 60, generated: { expression: "concat(str, 'x')", stored: false } },
    { name: 'gen_stored', type: 'integer', generated: { expression: 'num + 1', stored: true } },
  ],
  primaryKey: { columns: ['id'] },
}

const Book = defineEntity({
  name: 'Book',
  tableName: 'book',
  properties: {
    isbn: p.string().length(20).primary(),
    part: p.integer().primary(),
    kind: p.string(),
    author: () => p.manyToOne(Author).deleteRule('cascade'),
    editor: () => p.manyToOne(Author).nullable().updateRule('cascade').deleteRule('set null'),
    cover: () => p.oneToOne(Author).nullable().deleteRule('restrict'),
    tags: () => p.manyToMany(Author),
  },
  indexes: [
    { name: 'book_two', properties: ['kind', 'part'] },
    { name: 'book_text', properties: ['kind'], type: 'fulltext' },
    { name: 'book_desc', columns: [{ name: 'kind', sort: 'desc', length: 10 }, { name: 'part' }] },
  ],
  uniques: [{ name: 'book_one', properties: ['kind', 'isbn'] }],
  checks: [
    { name: 'book_part', expression: 'part > 0' },
    { name: 'book_kind', expression: "`kind` in ('a', 'it''s')" },
  ],
})

const book: Table = {
  name: 'book',
  columns: [
    { name: 'isbn', type: 'string', length: 20 },
    { name: 'part', type: 'integer', unsigned: true },
    { name: 'kind', type: 'string' },
    { name: 'author_id', type: 'integer', unsigned: true },
    { name: 'editor_id', type: 'integer', unsigned: true, nullable: true },
    { name: 'cover_id', type: 'integer', unsigned: true, nullable: true },
  ],
  primaryKey: { columns: ['isbn', 'part'] },
  uniques: [
    { name: 'book_cover_id_unique', columns: ['cover_id'] },
    { name: 'book_one', columns: ['kind', 'isbn'] },
  ],
  indexes: [
    { name: 'book_author_id_index', columns: ['author_id'] },
    { name: 'book_editor_id_index', columns: ['editor_id'] },
    { name: 'book_two', columns: ['kind', 'part'] },
    { name: 'book_text', columns: ['kind'], method: 'fulltext' },
    { name: 'book_desc', columns: [{ column: 'kind', order: 'desc', length: 10 }, 'part'] },
  ],
  foreignKeys: [
    {
      name: 'book_author_id_foreign',
      columns: ['author_id'],
      references: { table: 'author', columns: ['id'] },
      onDelete: 'cascade',
    },
    {
      name: 'book_editor_id_foreign',
      columns: ['editor_id'],
      references: { table: 'author', columns: ['id'] },
      onUpdate: 'cascade',
      onDelete: 'set null',
    },
    {
      name: 'book_cover_id_foreign',
      columns: ['cover_id'],
      references: { table: 'author', columns: ['id'] },
      onDelete: 'restrict',
    },
  ],
  checks: [
    { name: 'book_part', expression: 'part > 0' },
    { name: 'book_kind', column: 'kind', expression: { in: ['a', "it's"] } },
  ],
}

const bookTags: Table = {
  name: 'book_tags',
  columns: [
    { name: 'book_isbn', type: 'string', length: 20 },
    { name: 'book_part', type: 'integer', unsigned: true },
    { name: 'author_id', type: 'integer', unsigned: true },
  ],
  primaryKey: { columns: ['book_isbn', 'book_part', 'author_id'] },
  indexes: [
    { name: 'book_tags_author_id_index', columns: ['author_id'] },
    { name: 'book_tags_book_isbn_book_part_index', columns: ['book_isbn', 'book_part'] },
  ],
  foreignKeys: [
    {
      name: 'book_tags_book_isbn_book_part_foreign',
      columns: ['book_isbn', 'book_part'],
      references: { table: 'book', columns: ['isbn', 'part'] },
      onUpdate: 'cascade',
      onDelete: 'cascade',
    },
    {
      name: 'book_tags_author_id_foreign',
      columns: ['author_id'],
      references: { table: 'author', columns: ['id'] },
      onUpdate: 'cascade',
      onDelete: 'cascade',
    },
  ],
}

describeBoth('a declared table is built as MikroORM builds it', (name) => {
  test.each([
    ['a comment, a unique, a text default', [Author], [author]],
    ['every kind of column', [Kinds], [kinds]],
    ['keys, relations, indexes, checks', [Author, Book], [author, book, bookTags]],
  ] as const)('%s', async (_, entities, tables) => {
    const [theirs, ours] = [await open(name), await open(name)]
    await runAll(theirs, ...(await createStatements(name, [...entities])))
    await carryOut(ours, ...tables.map((table) => ({ kind: 'createTable', table }) as const))
    for (const { name: table } of tables) {
      expect(await reflectTable(ours, table)).toEqual(await reflectTable(theirs, table))
      expect(await showTable(ours, table)).toBe(await showTable(theirs, table))
    }
  })
})

const drivers: Record<Name, () => Promise<NonNullable<Options<AbstractSqlDriver>['driver']>>> = {
  mysql: async () => (await import('@mikro-orm/mysql')).MySqlDriver,
  mariadb: async () => (await import('@mikro-orm/mariadb')).MariaDbDriver,
}

async function createStatements(name: Name, entities: Entities): Promise<readonly string[]> {
  const driver = await drivers[name]()
  const orm = new MikroORM<AbstractSqlDriver>({ driver, dbName: 'none', entities, ensureDatabase: false })
  const sql = await orm.schema.getCreateSchemaSQL({ wrap: false })
  return sql.split(/;\n+/).filter((statement) => statement.trim() !== '')
}

test.each([
  [{ name: 'c', type: { sql: 'int' } }, '`c` int not null'],
  [{ name: 'a`b', type: { sql: 'int' }, nullable: true }, '`a``b` int null'],
  [
    { name: 'c', type: { sql: 'varchar(9)' }, default: "it's \\" },
    "`c` varchar(9) not null default 'it''s \\\\'",
  ],
  [{ name: 'c', type: { sql: 'text' }, default: 'x' }, "`c` text not null default ('x')"],
  [{ name: 'c', type: { sql: 'json' }, default: { sql: "'[]'" } }, "`c` json not null default ('[]')"],
  [
    { name: 'c', type: { sql: 'longblob' }, default: { sql: "('x')" } },
    "`c` longblob not null default ('x')",
  ],
  [
    { name: 'c', type: { sql: 'text' }, nullable: true, default: { sql: 'null' } },
    '`c` text null default null',
  ],
  [
    { name: 'c', type: { sql: 'char(36)' }, default: { sql: 'uuid()' } },
    '`c` char(36) not null default (uuid())',
  ],
  [
    { name: 'c', type: { sql: 'int' }, default: { sql: '(1) + (2)' } },
    '`c` int not null default ((1) + (2))',
  ],
  [{ name: 'c', type: { sql: 'int' }, default: { sql: "(')')" } }, "`c` int not null default (')')"],
  [{ name: 'c', type: { sql: 'bit(2)' }, default: { sql: "b'01'" } }, "`c` bit(2) not null default b'01'"],
  [
    { name: 'c', type: { sql: 'datetime(3)' }, default: { sql: 'now(3)' } },
    '`c` datetime(3) not null default now(3)',
  ],
  [{ name: 'c', type: { sql: 'int' }, default: 0 }, '`c` int not null default 0'],
  [
    { name: 'c', type: 'enum', items: ["it's", 'b'], default: "it's" },
    "`c` enum('it''s', 'b') not null default 'it''s'",
  ],
] satisfies readonly (readonly [Column, string])[])('%j is written %s', async (column, sql) => {
  for (const name of ['mysql', 'mariadb'] as const) {
    const table = { name: 't', columns: [column] }
    const [statements] = await mysqlDialect(name).compile([{ kind: 'createTable', table }], { tables: {} })
    expect(statements).toEqual([
      { sql: `create table \`t\` (${sql}) default character set utf8mb4 engine = InnoDB` },
    ])
  }
})
