import { revisionFile } from './files.ts'
import { type Snapshot, snapshot } from './snapshot.ts'

/**
 * A project of two revisions of recorded operations, data among them, and one that asks for data only. Each can be seen to have
 * run twice, or in part. Eight statements up, seven down.
 */
export const stepFiles: Readonly<Record<string, string>> = {
  'aludel.config.json': '{}',
  ...revisionFile('a1', {
    up: `op.createTable('proof', { columns: [{ name: 'step', type: 'string', length: 20 }] })
  op.createTable('counter', { columns: [{ name: 'n', type: 'integer' }] })
  op.execute('insert into counter (n) values (0)')`,
    back: "op.dropTable('proof')\n  op.dropTable('counter')",
  }),
  ...revisionFile('b1', {
    down: 'a1',
    up: `op.addColumn('counter', { name: 'b', type: 'integer', nullable: true })
  op.execute("insert into proof (step) values ('b1')")
  op.createIndex('counter', { name: 'counter_b', columns: ['b'] })`,
    back: `op.dropIndex('counter', 'counter_b')
  op.execute("delete from proof where step = 'b1'")
  op.dropColumn('counter', 'b')`,
  }),
  ...revisionFile('c1', {
    down: 'b1',
    up: `await op.query("insert into proof (step) values ('c1')")
  await op.query('update counter set n = n + 1')`,
    back: `await op.query("delete from proof where step = 'c1'")
  await op.query('update counter set n = n - 1')`,
  }),
}

/** What these steps left in a database. */
export function outcome(url: string): Promise<Snapshot> {
  return snapshot(url, { proof: 'step', counter: 'n' })
}
