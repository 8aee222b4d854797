import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const entities = `
  import { defineEntity, p } from '@mikro-orm/core'
  export const Author = defineEntity({ name: 'Author', properties: { id: p.integer().primary(), name: p.string().default('x'), score: p.decimal().precision(8).scale(2).default(1.5) } })
  export const Book = defineEntity({
    name: 'Book',
    properties: { id: p.integer().primary(), title: p.string().collation('nocase').unique(), author: () => p.manyToOne(Author).deleteRule('cascade').updateRule('no action'), kind: p.enum(['a', 'b']) },
    checks: [{ name: 'long', expression: "length(title) > 1 and title <> ''" }],
    indexes: [{ name: 'by_title', expression: "create index by_title on book (lower(title) desc) where kind = 'a'" }],
    triggers: [{ name: 'scored', timing: 'after', events: ['insert'], when: "new.kind = 'a'", body: 'update author set score = score + 1 where id = new.author_id' }],
  })
  export const Titles = defineEntity({ name: 'Titles', view: true, expression: "select title, count(*) as total from book where kind in ('a', 'b') group by title", properties: { title: p.string().primary(), total: p.integer() } })
`

/** As a person might write it, or another tool. */
const written = [
  `CREATE TABLE "author" (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the key
    [name] TEXT DEFAULT 'x' NOT NULL,
    score Numeric( 8, 2 ) NOT NULL DEFAULT (1.5)
  )`,
  `CREATE TABLE 'book' (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES Author (ID) ON DELETE CASCADE,
    title TEXT COLLATE NOCASE NOT NULL,
    CONSTRAINT Long CHECK ((LENGTH("title")>1 AND title != '')), CONSTRAINT known CHECK (kind IN ('a' , 'b'))
  )`,
  'CREATE INDEX "book_author_id_index" ON "book" ("author_id" ASC)',
  'CREATE UNIQUE INDEX [book_title_unique] ON book ([title])',
  `CREATE INDEX BY_TITLE ON book (LOWER( title ) DESC) WHERE ( kind='a' )`,
  `CREATE TRIGGER scored AFTER INSERT ON "book" FOR EACH ROW WHEN NEW.kind = 'a'
   BEGIN UPDATE author SET "score"=score+1 WHERE id=NEW.author_id; END`,
  `CREATE VIEW titles AS
   SELECT [title], COUNT(*) AS total FROM "book" WHERE kind IN ('a','b') GROUP BY title`,
]

describeDialects(
  'a database that another hand made',
  (dialect) => {
    test('is what the entities want, and changes with them', async () => {
      const db = await database(dialect)
      await sql(db.url, ...written)
      const config = JSON.stringify({ entities: 'entities.ts', url: db.url })
      const app = project({ 'aludel.config.json': config, 'entities.ts': entities })
      const run = async (...args: readonly string[]) => {
        const { status, stdout } = await app.run([...args, '--json'])
        expect({ args, status, stdout }).toMatchObject({ status: 0 })
        return JSON.parse(stdout)
      }
      await run('revision', '--autogenerate', '--from-empty', '-m', 'baseline')
      await run('stamp', 'head')
      expect(await run('check')).toMatchObject({ ok: true, differences: [], unmanaged: [] })
      expect(await run('revision', '--autogenerate', '-m', 'nothing')).toMatchObject({ path: null })

      app.write({ 'entities.ts': entities.replaceAll("['a', 'b']", "['a', 'b', 'c']").replace('> 1', '> 2') })
      expect(await run('revision', '--autogenerate', '-m', 'c')).toMatchObject({ operations: 4 })
      await run('upgrade')
      expect(await run('check')).toMatchObject({ ok: true, differences: [], unmanaged: [] })
      await sql(db.url, 'insert into author (id) values (1)')
      await sql(db.url, "insert into book (title, kind, author_id) values ('abc', 'c', 1)")
      await sql(db.url, 'delete from book')
      await run('downgrade', '-1')
      app.write({ 'entities.ts': entities })
      expect(await run('check', '--drift')).toMatchObject({ differences: [] })
    })
  },
  ['sqlite'],
)
