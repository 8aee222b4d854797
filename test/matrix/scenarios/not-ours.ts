import { change, type Scenarios } from '../scenario.ts'
import { notOnMysql, onlyPostgres } from './reasons.ts'

const rows = ["insert into users$ (id, a) values (1, 'keep')"]
const more = { rows, operations: ['addColumn'] }
const wider = (outside: readonly string[], unmanaged: readonly string[], others = {}) =>
  change('a: p.string()', 'a: p.string(), b: p.integer().nullable()', {
    ...more,
    outside,
    unmanaged,
    ...others,
  })

/** All survive, and are listed. */
export const notOurs: Scenarios = {
  'a table of others': wider(
    ['create table legacy$ (id int)', 'insert into legacy$ (id) values (5)'],
    ['table legacy$'],
  ),
  'a column of others': wider(['alter table users$ add column memo varchar(20)'], ['column users$.memo']),
  'an index of others': wider(['create index by_hand$ on users$ (a)'], ['index users$.by_hand$']),
  'a view of others': wider(['create view report$ as select id from users$'], ['view report$']),
  'a check of others': wider(
    ['alter table users$ add constraint ckh$ check (length(a) < 500)'],
    ['check users$.ckh$'],
    {
      not: { sqlite: 'SQLite adds no check' },
    },
  ),
  'a trigger of others': wider(
    ['create trigger tgh$ after insert on users$ begin select 1; end'],
    ['trigger users$.tgh$'],
    { not: { postgresql: 'the text is one of SQLite', ...notOnMysql('the text is one of SQLite') } },
  ),
  'functions, sequences, types, policies and schemas of others': wider(
    [
      "create function touch$() returns trigger language plpgsql as 'begin return new; end'",
      'create trigger tgp$ before update on users$ for each row execute function touch$()',
      'create sequence counter$',
      "create type colour$ as enum ('red', 'green')",
      'create domain email$ as text',
      'create policy pol$ on users$ using (true)',
      'create schema tenant$',
      'create table tenant$.things (id int)',
    ],
    [
      'function touch$()',
      'trigger users$.tgp$',
      'sequence counter$',
      'enum colour$',
      'domain email$',
      'policy pol$ on users$',
      'schema tenant$',
    ],
    { not: onlyPostgres('only PostgreSQL has them all') },
  ),
}
