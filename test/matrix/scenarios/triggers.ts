import { properties, type Scenarios, users } from '../scenario.ts'

const rows = ["insert into users$ (id, a, n) values (1, 'keep', 5)"]
const columns = 'a: p.string(), n: p.integer()'
const other = {
  mariadb: 'the body is one of SQLite',
  mysql: 'the body is one of SQLite',
  postgresql: 'the body is one of SQLite',
}
const trigger = (body: string, more = "timing: 'after', events: ['insert']") =>
  users(columns, `triggers: [{ name: 'tg$', ${more}, body: \`${body}\` }]`)

export const triggers: Scenarios = properties({
  'a trigger of PostgreSQL': {
    without: users(columns),
    with: trigger(
      'NEW.n := NEW.n + 1; RETURN NEW;',
      "timing: 'before', events: ['insert', 'update'], forEach: 'row'",
    ),
    other: trigger(
      "NEW.a := NEW.a || 'it''s'; RETURN NEW;",
      "timing: 'before', events: ['update'], forEach: 'row', when: 'NEW.n > 0'",
    ),
    rows,
    not: {
      sqlite: 'the body is one of PostgreSQL',
      mariadb: 'the body is one of PostgreSQL',
      mysql: 'the body is one of PostgreSQL',
    },
  },
  'a trigger of SQLite': {
    without: users(columns),
    with: trigger('update users$ set n = n + 1 where id = new.id'),
    other: trigger(
      "update users$ set a = 'it''s' where id = new.id",
      "timing: 'after', events: ['insert'], when: 'new.n > 100'",
    ),
    rows,
    not: other,
  },
  'a trigger of MySQL': {
    without: users(columns),
    with: trigger('set new.n = new.n + 1', "timing: 'before', events: ['insert']"),
    other: trigger("set new.a = 'it''s'", "timing: 'before', events: ['update']"),
    rows,
    not: { sqlite: 'the body is one of MySQL', postgresql: 'the body is one of MySQL' },
  },
})
