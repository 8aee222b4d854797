import { describe, expect, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import { apply } from '../../../src/operations/apply.ts'
import { inverse } from '../../../src/operations/inverse.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Schema } from '../../../src/schema/schema.ts'
import { carryOut, describeBoth, open, runAll } from './support.ts'
import { onlyPostgresMeans } from '../../support/only-postgres.ts'

const other = 'select `t`.`n` AS `n` from `t` where `t`.`n` < 9'
const trigger = {
  name: 'early',
  timing: 'before',
  events: ['insert'],
  body: "if new.a = ';' then set new.a = 'x'; set new.n = 1; end if",
} as const

describeBoth('views, triggers and names', (name) => {
  test('become what their data says, and are taken back', async () => {
    const place = await open(name)
    await runAll(
      place,
      "create table t (id int primary key, a varchar(9), n int, unique u (a), index i (n)) comment 'c'",
      'create table log (n int)',
      'create sql security invoker view w as select id from t where n > 1 with local check option',
      'create trigger gone after delete on t for each row insert into log values (old.n)',
      "insert into t values (1, 'a', 5)",
    )
    const read = (): Promise<Schema> => place.dialect.reflect(place.session)
    const operations: readonly Operation[] = [
      { kind: 'createView', view: { name: 'v', definition: other } },
      {
        kind: 'createView',
        view: {
          name: 'v',
          definition: other,
          options: ['sql security invoker', 'with cascaded check option'],
        },
      },
      { kind: 'replaceView', view: { name: 'w', definition: other } },
      { kind: 'dropView', view: 'w' },
      { kind: 'createTrigger', table: 't', trigger },
      { kind: 'dropTrigger', table: 't', trigger: 'gone' },
      { kind: 'renameIndex', table: 't', index: 'i', to: 'j' },
      { kind: 'renameIndex', table: 't', index: 'u', to: 'k' },
      { kind: 'setTableComment', table: 't', comment: "it's \\ other" },
      { kind: 'setTableComment', table: 't', comment: null },
      {
        kind: 'createTable',
        table: {
          name: 'made',
          columns: [{ name: 'a', type: { sql: name === 'mysql' ? 'int' : 'int(11)' } }],
          triggers: [{ name: 'm', timing: 'after', events: ['update'], body: 'set @a = 1; set @b = 2' }],
        },
      },
      { kind: 'dropTable', table: 'log' },
    ]
    for (const operation of operations) {
      const before = await read()
      await carryOut(place, operation)
      const told = JSON.stringify(operation)
      expect(await read(), told).toEqual(apply(before, operation))
      await carryOut(place, ...inverse(operation, before))
      expect(await read(), `${told} taken back`).toEqual(before)
    }
    expect(await place.session.query('select * from t')).toEqual([{ id: 1, a: 'a', n: 5 }])
  })

  test('keep their order, and stand in the way of what they name', async () => {
    const place = await open(name)
    const triggers = ['a', 'b', 'c'].map((each) => ({
      name: each,
      timing: 'before' as const,
      events: ['insert'] as const,
      body: `set new.x = concat(new.x, '${each}; new.y')`,
    }))
    await runAll(place, 'create table t (x varchar(99), y int, z int)')
    const [a, b, c] = triggers.map((trigger): Operation => ({ kind: 'createTrigger', table: 't', trigger }))
    if (!a || !b || !c) throw new Error('no triggers')
    await carryOut(place, c, a)
    await carryOut(place, b)
    await runAll(place, "insert into t (x) values ('')")
    expect(await place.session.query('select x from t')).toEqual([{ x: 'a; new.yb; new.yc; new.y' }])
    expect((await place.dialect.reflect(place.session)).others).toBeUndefined()

    const rename: Operation = { kind: 'renameColumn', table: 't', column: 'x', to: 'w' }
    const drops = triggers.map((trigger): Operation => ({
      kind: 'dropTrigger',
      table: 't',
      trigger: trigger.name,
    }))
    const refused = { code: 'NOT_SUPPORTED', message: expect.stringContaining('under trigger a') }
    await expect(carryOut(place, rename)).rejects.toMatchObject(refused)
    await expect(carryOut(place, { kind: 'dropColumn', table: 't', column: 'x' })).rejects.toMatchObject(
      refused,
    )
    await carryOut(place, { kind: 'dropColumn', table: 't', column: 'y' }, ...drops, rename)
    expect(await place.session.query('select * from t')).toEqual([{ w: 'a; new.yb; new.yc; new.y', z: null }])
    // What raw SQL made is looked for in vain.
    await carryOut(
      place,
      { kind: 'execute', sql: 'alter table t add raw int' },
      { kind: 'renameColumn', table: 't', column: 'raw', to: 'cooked' },
      { kind: 'dropColumn', table: 't', column: 'z' },
    )
    expect(await place.session.query('select * from t')).toEqual([
      { w: 'a; new.yb; new.yc; new.y', cooked: null },
    ])
  })

  test('rows are added, of a column that is left out its default', async () => {
    const place = await open(name)
    await runAll(
      place,
      "create table t (id int auto_increment primary key, a varchar(20) default 'd', b bool)",
    )
    await carryOut(place, {
      kind: 'bulkInsert',
      table: 't',
      rows: [{ a: "it's \\ \r\n", b: true }, { b: false }, { a: null, b: { sql: '1 > 2' } }],
    })
    expect(await place.session.query('select a, b from t order by id')).toEqual([
      { a: "it's \\ \r\n", b: 1 },
      { a: 'd', b: 0 },
      { a: null, b: 0 },
    ])
  })
})

describe.each(['mysql', 'mariadb'] as const)('on %s', (name) => {
  const compile = async (operation: Operation): Promise<readonly string[]> => {
    const statements = await mysqlDialect(name).compile([operation], emptySchema)
    return statements.flat().map(({ sql }) => sql)
  }

  test.each<[Operation, string]>([
    [
      {
        kind: 'createView',
        view: {
          name: 'v',
          definition: 'select 1 -- all',
          comment: 'c',
          options: [
            'algorithm=merge',
            'sql security invoker',
            'with local check option',
            'security_invoker=true',
          ],
        },
      },
      'create algorithm=merge sql security invoker view `v` as select 1 -- all\n with local check option',
    ],
    [
      { kind: 'replaceView', view: { name: 'v', definition: 'select 1' } },
      'create or replace view `v` as select 1',
    ],
    [{ kind: 'dropView', view: 'v' }, 'drop view `v`'],
    [
      { kind: 'createTrigger', table: 't', trigger },
      `create trigger \`early\` before insert on \`t\` for each row begin ${trigger.body}; end`,
    ],
    [{ kind: 'dropTrigger', table: 't', trigger: 'x' }, 'drop trigger `x`'],
    [{ kind: 'renameIndex', table: 't', index: 'a', to: 'b' }, 'alter table `t` rename index `a` to `b`'],
    [{ kind: 'setTableComment', table: 't', comment: null }, "alter table `t` comment = ''"],
  ])('%j is one statement', async (operation, expected) => {
    expect(await compile(operation)).toEqual([expected])
    expect(mysqlDialect(name).reads([operation])).toEqual([])
  })

  test.each<[Operation, RegExp]>([
    [
      { kind: 'createTrigger', table: 't', trigger: { ...trigger, events: ['delete', 'insert'] } },
      /one trigger for each event.*early_delete, early_insert/,
    ],
    [{ kind: 'createTrigger', table: 't', trigger: { ...trigger, timing: 'instead of' } }, /before/],
    [{ kind: 'createTrigger', table: 't', trigger: { ...trigger, when: 'new.n > 1' } }, /if … then/],
    ...onlyPostgresMeans,
  ])('%j is refused, with what to write instead', async (operation, fix) => {
    await expect(compile(operation)).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      fix: expect.stringMatching(fix),
    })
  })
})
