import { change, id, properties, type Scenarios, users } from '../scenario.ts'
import { notOnMysql, onlyPostgres } from './reasons.ts'

const columns = 'a: p.string(), b: p.string(), n: p.integer()'
const rows = ["insert into users$ (id, a, b, n) values (1, 'keep', 'b', 5)"]
const indexed = (definition: string) => users(columns, `indexes: [${definition}]`)

export const indexes: Scenarios = {
  ...properties({
    'an index': {
      without: users(columns),
      with: users(columns.replace('a: p.string()', 'a: p.string().index()')),
      rows,
    },
    'an index with a name, of two columns': {
      without: users(columns),
      with: indexed("{ name: 'ixn$', properties: ['b', 'a'] }"),
      other: indexed("{ name: 'ixn$', properties: ['a', 'b'] }"),
      rows,
    },
    'the columns of an index': {
      without: indexed("{ name: 'ix$', properties: ['a'] }"),
      with: indexed("{ name: 'ix$', properties: ['a', 'b'] }"),
      rows,
      operations: ['dropIndex', 'createIndex'],
    },
    'the order of an index': {
      without: indexed("{ name: 'ixo$', properties: ['a', 'b'] }"),
      with: indexed("{ name: 'ixo$', properties: ['a', 'b'], columns: [{ name: 'b', sort: 'DESC' }] }"),
      rows,
    },
    'an index of an expression': {
      without: users(columns),
      with: indexed("{ name: 'ixe$', expression: 'create index ixe$ on users$ (lower(a))' }"),
      other: indexed("{ name: 'ixe$', expression: 'create index ixe$ on users$ (upper(a))' }"),
      rows,
      not: {
        mariadb: 'MariaDB has no index of expressions',
        mysql: 'the scenario writes them as PostgreSQL does',
      },
    },
    'a partial index': {
      without: users(columns),
      with: indexed("{ name: 'ixp$', properties: ['a'], where: 'n > 0' }"),
      other: indexed("{ name: 'ixp$', properties: ['a'], where: 'n > 1' }"),
      rows,
      not: notOnMysql('it has no partial indexes'),
    },
    'a partial unique index': {
      without: users(columns),
      with: users(columns, "uniques: [{ name: 'uqp$', properties: ['a'], where: 'n > 0' }]"),
      other: users(columns, "uniques: [{ name: 'uqp$', properties: ['a'], where: 'n > 1' }]"),
      rows,
      not: notOnMysql('it has no partial indexes'),
    },
    'the method of an index': {
      without: users('d: p.json().nullable()'),
      with: users('d: p.json().nullable()', "indexes: [{ name: 'ixg$', properties: ['d'], type: 'gin' }]"),
      not: onlyPostgres('only PostgreSQL has gin'),
    },
    'a hash index': {
      without: indexed("{ name: 'ixh$', properties: ['a'] }"),
      with: indexed("{ name: 'ixh$', properties: ['a'], type: 'hash' }"),
      rows,
      not: onlyPostgres('InnoDB and SQLite have none'),
    },
    'the included columns of an index': {
      without: indexed("{ name: 'ixi$', properties: ['a'] }"),
      with: indexed("{ name: 'ixi$', properties: ['a'], include: ['b'] }"),
      other: indexed("{ name: 'ixi$', properties: ['a'], include: ['b', 'n'] }"),
      rows,
      not: onlyPostgres('only PostgreSQL includes columns'),
    },
    'an operator class': {
      without: indexed("{ name: 'ixc$', properties: ['a'] }"),
      with: indexed("{ name: 'ixc$', expression: 'create index ixc$ on users$ (a text_pattern_ops)' }"),
      rows,
      not: onlyPostgres('only PostgreSQL has operator classes'),
    },
    'nulls first': {
      without: indexed("{ name: 'ixf$', properties: ['a'] }"),
      with: indexed(
        "{ name: 'ixf$', properties: ['a'], columns: [{ name: 'a', sort: 'ASC', nulls: 'FIRST' }] }",
      ),
      rows,
      not: onlyPostgres('only PostgreSQL says where nulls stand'),
    },
    'a full text index': {
      without: users(columns),
      with: indexed("{ name: 'ixt$', properties: ['a'], type: 'fulltext' }"),
      rows,
      not: {
        postgresql: 'MikroORM writes an expression for it there',
        sqlite: 'SQLite has virtual tables for it',
      },
    },
    'the length of an index': {
      without: indexed("{ name: 'ixl$', properties: ['a'] }"),
      with: indexed("{ name: 'ixl$', properties: ['a'], columns: [{ name: 'a', length: 5 }] }"),
      rows,
      not: { postgresql: 'only MySQL and MariaDB have it', sqlite: 'only MySQL and MariaDB have it' },
    },
  }),
  'an index becomes unique': {
    before: indexed("{ name: 'ixu$', properties: ['a'] }"),
    after: users(columns, "uniques: [{ name: 'ixu$', properties: ['a'] }]"),
    rows,
  },
  'an index of a dropped column': change('a: p.string(), b: p.string().index()', 'a: p.string()', {
    rows: ["insert into users$ (id, a, b) values (1, 'keep', 'b')"],
  }),
  'an index of two columns, one dropped': {
    before: {
      users$: [`${id}, a: p.string(), b: p.string()`, "indexes: [{ name: 'ixd$', properties: ['a', 'b'] }]"],
    },
    after: { users$: [`${id}, a: p.string()`, "indexes: [{ name: 'ixd$', properties: ['a'] }]"] },
    rows: ["insert into users$ (id, a, b) values (1, 'keep', 'b')"],
  },
}
