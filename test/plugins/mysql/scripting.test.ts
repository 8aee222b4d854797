import { expect, test } from 'vitest'
import mariadb from '../../../plugins/mariadb/index.ts'
import mysql from '../../../plugins/mysql/index.ts'

const scripting = await mysql.scripting?.()

/** Behind each statement: the server refuses what follows one that failed, where the client does not. */
const guard =
  'set @aludel_failed = @aludel_failed or @@error_count, session transaction_read_only = @aludel_failed or @@error_count;'

test('the client is the one of the server', async () => {
  expect(scripting?.client).toBe('mysql')
  expect((await mariadb.scripting?.())?.client).toBe('mariadb')
})

test.each([
  ['drop table t', 'drop table t;'],
  ['drop table t ; ;\n', 'drop table t;'],
  [
    "insert into t values ('a;b', \";\", `;`, 'it''s;', 'a\\';')",
    "insert into t values ('a;b', \";\", `;`, 'it''s;', 'a\\';');",
  ],
  ['drop table t -- gone', 'drop table t -- gone\n;'],
  [
    'create trigger r before insert on t for each row begin set @a = 1; end',
    'delimiter //\ncreate trigger r before insert on t for each row begin set @a = 1; end\n//\ndelimiter ;',
  ],
  [
    "create procedure p() begin select '//', '///'; end",
    "delimiter ////\ncreate procedure p() begin select '//', '///'; end\n////\ndelimiter ;",
  ],
  [
    '/*!50000 create trigger r before insert on t for each row set @a = 1; */',
    'delimiter //\n/*!50000 create trigger r before insert on t for each row set @a = 1; */\n//\ndelimiter ;',
  ],
  ['/* a; b */ drop table t -- c; d', '/* a; b */ drop table t -- c; d\n;'],
])('the client is given %j in one piece', (sql, written) => {
  expect(scripting?.statement(sql)).toBe(`${written}\n${guard}`)
})

test.each([
  ['insert into t values (1)\n;\n\n-- end; # it', 'insert into t values (1);'],
  ["insert into t values ('a -- b') /* c; */ ;", "insert into t values ('a -- b');"],
  ['/*! insert into t values (1); */', '/*! insert into t values (1); */;'],
])('a procedure is given %j without what stands behind its end', (sql, written) => {
  expect(scripting?.block?.statement(sql)).toBe(written)
})

test.each([
  ["insert into t values ('it's')", true],
  ['insert into t values ("a)', true],
  ['select `a', true],
  ['select 1 /* a', true],
  ["select 'it''s', \"'\", 'a\\'', `'` -- it's\n/* ' */ # '", false],
])('whether a quote or comment does not end in %j is %s', (sql, isOpen) => {
  const why = 'a quote or comment in it does not end'
  expect(scripting?.refuses?.(sql)).toBe(isOpen ? why : undefined)
})

test('what a run may take of time, a script may', () => {
  const lock = { table: 't', wait: 1000, lockTimeout: 2000, statementTimeout: 1500 }
  expect(scripting?.open(lock).join('\n')).toContain(
    'lock_wait_timeout = 2, innodb_lock_wait_timeout = 2 /*M!100101 , max_statement_time = 1.5 */, ',
  )
})

test('nothing is committed when a statement before it failed', () => {
  expect(scripting?.statement('commit').split('\n')).toEqual([
    "set @aludel_end = if(@aludel_failed, 'do 0', 'commit');",
    'prepare aludel_end from @aludel_end;',
    'execute aludel_end;',
    guard,
    'deallocate prepare aludel_end;',
    'rollback;',
  ])
})

test('outside of a procedure a fault is told as a column that is not there', () => {
  const fault = 'exists (select 1 from t)'
  expect(scripting?.refuse([{ fault, message: "It's `there`." }])).toEqual([
    "set @aludel_refuse = case\n  when exists (select 1 from t) then 'select `It''s ``there``.`'\n  else 'do 0' end;",
    guard,
    'prepare aludel_refuse from @aludel_refuse;',
    'execute aludel_refuse;',
    guard,
    'deallocate prepare aludel_refuse;',
  ])
  expect(scripting?.refuse([])).toEqual([])
})

test('inside of one it is signalled, in as many characters as the server takes', () => {
  const block = scripting?.block
  expect(
    block?.refuse([
      { fault: 'a', message: "it's" },
      { fault: 'b', message: 'x'.repeat(200) },
    ]),
  ).toEqual([
    "if a then signal sqlstate '45000' set message_text = 'it''s'; end if;",
    `if b then signal sqlstate '45000' set message_text = '${'x'.repeat(128)}'; end if;`,
  ])
  expect(block?.whole(block.when('c', ['do 1;']), ['rollback;'])).toEqual([
    'drop procedure if exists `aludel_script`;',
    `delimiter //
create procedure \`aludel_script\`()
begin
  declare exit handler for sqlexception begin
    rollback;
    resignal;
  end;
  if c then
    do 1;
  end if;
end
//
delimiter ;`,
    'call `aludel_script`();',
    'drop procedure `aludel_script`;',
  ])
})

test('what no procedure may hold is known', () => {
  const held = [
    'create table t (n int)',
    'alter table t add m int',
    'create view v as select 1',
    'drop view v',
    'insert into t select 1',
    'create index i on t (n)',
  ]
  const refused = [
    'create trigger r before insert on t for each row set @a = 1',
    'CREATE OR REPLACE DEFINER=`a`@`b` PROCEDURE p() do 1',
    '/* a */ drop function f',
    'alter event e disable',
    'lock tables t write',
    "load data infile 'f' into table t",
    'alter sql security invoker view v as select 1',
  ]
  expect(held.filter((sql) => !scripting?.block?.holds(sql))).toEqual([])
  expect(refused.filter((sql) => scripting?.block?.holds(sql))).toEqual([])
})
