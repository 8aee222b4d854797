/** A history of all kinds of operations, with a branch, a merge, rows, and texts that no quoting may lose. */
import { revisionFile } from '../../support/files.ts'

/** What stands in messages, comments, names of nothing, and values. */
export const hostile = String.raw`it's "quoted" \ $aludel$ $sql$ -- */ /* ; // ${'`'} \' :x %s 🎉 ไทย`

const header = `export const allowDataLoss = ['users.address', 'tags']
/* ${hostile.replace('*/', '* /').replace('/*', '/ *')}
.quit
delimiter //
\\q
*/ const text = ${JSON.stringify(hostile)}
`

export const historyFiles: Readonly<Record<string, string>> = {
  'aludel.config.json': '{}',
  ...revisionFile('a1', {
    message: `${hostile}\nsecond line\r\nthird\u2028fourth; drop table users; --`,
    header,
    up: `op.createTable('users', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'email', type: 'string', length: 100 },
      { name: 'nick', type: 'string', length: 40, nullable: true },
      { name: 'age', type: 'integer', default: 0 },
      { name: 'motto', type: 'string', length: 200, default: 'it\\'s "so" \\\\ $1' },
      { name: 'made', type: 'datetime', default: { sql: 'current_timestamp' } },
    ],
    primaryKey: ['id'],
    uniques: [{ name: 'users_email_unique', columns: ['email'] }],
    indexes: [{ name: 'users_nick', columns: ['nick'] }],
    checks: [{ name: 'users_age', expression: 'age >= 0' }],
  })
  op.createTable('order', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'user_id', type: 'integer' },
      { name: 'total', type: 'decimal', precision: 10, scale: 2 },
    ],
    primaryKey: ['id'],
    indexes: [{ name: 'order_user', columns: ['user_id'] }],
    foreignKeys: [{ name: 'order_user_fk', columns: ['user_id'], references: { table: 'users', columns: ['id'] } }],
  })`,
    back: "op.dropTable('order')\n  op.dropTable('users')",
  }),
  ...revisionFile('b1', {
    down: 'a1',
    header,
    up: `op.execute("insert into users (email, nick, age) values ('" + text.replaceAll('\\\\', '').replaceAll("'", "''") + "', 'nick; -- x', 7)")
  op.execute("insert into users (email, nick, age) values ('b@example.com', 'b', 8)")
  op.addColumn('users', { name: 'address', type: 'string', length: 500, nullable: true })
  op.addColumn('order', { name: 'note', type: 'text', nullable: true })
  op.execute("update users set address = 'somewhere' where age = 8")`,
    back: `op.dropColumn('order', 'note')
  op.dropColumn('users', 'address')
  op.execute('delete from users')`,
  }),
  ...revisionFile('c1', {
    down: 'a1',
    message: '',
    header: "export const branchLabels = ['tagging']",
    up: `op.createTable('tags', { columns: [{ name: 'name', type: 'string', length: 20 }], primaryKey: ['name'] })
  op.alterColumn('users', 'age', { type: 'bigint' })
  op.alterColumn('users', 'email', { length: 300 })`,
    back: `op.alterColumn('users', 'email', { length: 100 })
  op.alterColumn('users', 'age', { type: 'integer' })
  op.dropTable('tags')`,
  }),
  ...revisionFile('d1', {
    down: 'b1',
    up: `op.renameColumn('users', 'nick', 'nickname')
  op.renameTable('order', 'purchases')
  op.dropIndex('users', 'users_nick')`,
    back: `op.createIndex('users', { name: 'users_nick', columns: ['nickname'] })
  op.renameTable('purchases', 'order')
  op.renameColumn('users', 'nickname', 'nick')`,
  }),
  ...revisionFile('e1', {
    down: ['c1', 'd1'],
    message: 'Merge',
    header,
    up: `op.dropColumn('users', 'address')
  op.alterColumn('users', 'nickname', { nullable: false, default: 'none' })
  op.dropConstraint('purchases', { type: 'foreignKey', name: 'order_user_fk' })
  op.createForeignKey('purchases', {
    name: 'purchases_user_fk',
    columns: ['user_id'],
    references: { table: 'users', columns: ['id'] },
    onDelete: 'cascade',
  })
  op.createUniqueConstraint('users', { name: 'users_nickname_age', columns: ['nickname', 'age'] })`,
    back: `op.dropConstraint('users', { type: 'unique', name: 'users_nickname_age' })
  op.dropConstraint('purchases', { type: 'foreignKey', name: 'purchases_user_fk' })
  op.createForeignKey('purchases', {
    name: 'order_user_fk',
    columns: ['user_id'],
    references: { table: 'users', columns: ['id'] },
  })
  op.alterColumn('users', 'nickname', { nullable: true, default: null })
  op.addColumn('users', { name: 'address', type: 'string', length: 500, nullable: true })`,
  }),
  ...revisionFile('f1', {
    down: 'e1',
    header: `${header}export const dependsOn = ['tagging']`,
    up: `op.dropTable('tags')
  op.createCheckConstraint('users', { name: 'users_young', expression: 'age < 200' })
  op.alterColumn('users', 'motto', { default: null })`,
    back: `op.alterColumn('users', 'motto', { default: 'it\\'s "so" \\\\ $1' })
  op.dropConstraint('users', { type: 'check', name: 'users_young' })
  op.createTable('tags', { columns: [{ name: 'name', type: 'string', length: 20 }], primaryKey: ['name'] })`,
  }),
}

/** What its revisions write. */
export const historyRows = {
  users: 'email, age, motto',
  purchases: 'user_id, total',
} as const
