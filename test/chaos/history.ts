/** A history whose every step shows when it ran twice, in part, or not at all. */
import { revisionFile } from '../support/files.ts'
import { type Snapshot, snapshot } from '../support/snapshot.ts'

/** Long enough that a runner is killed in it now and then. */
const pause = 'await new Promise((done) => setTimeout(done, 60))'

/** It proves that its step ran, by a query. */
const proves = (id: string): { readonly up: string; readonly back: string } => ({
  up: `await op.query("insert into proof (step) values ('${id}')")
  ${pause}
  await op.query('update counter set n = n + 1')`,
  back: `await op.query("delete from proof where step = '${id}'")
  ${pause}
  await op.query('update counter set n = n - 1')`,
})

/** The same, by operations; in the order that is given. */
const records = (id: string, up: string, back: string): { readonly up: string; readonly back: string } => ({
  up: `${pause}
  op.execute("insert into proof (step) values ('${id}')")
  ${up}
  op.execute('update counter set n = n + 1')`,
  back: `${pause}
  op.execute("delete from proof where step = '${id}'")
  ${back}
  op.execute('update counter set n = n - 1')`,
})

export const historyFiles: Readonly<Record<string, string>> = {
  'aludel.config.json': '{}',
  ...revisionFile('r0', {
    up: `op.createTable('proof', { columns: [{ name: 'step', type: 'string', length: 20 }] })
  op.createTable('counter', { columns: [{ name: 'n', type: 'integer' }] })
  ${pause}
  op.execute('insert into counter (n) values (0)')`,
    back: `op.dropTable('counter')\n  ${pause}\n  op.dropTable('proof')`,
  }),
  ...revisionFile('r1', { down: 'r0', ...proves('r1') }),
  ...revisionFile('r2', {
    down: 'r1',
    ...records(
      'r2',
      `op.addColumn('counter', { name: 'a', type: 'integer', nullable: true })
  op.addColumn('counter', { name: 'b', type: 'string', length: 50, default: "it's" })`,
      "op.dropColumn('counter', 'b')\n  op.dropColumn('counter', 'a')",
    ),
  }),
  ...revisionFile('r3', {
    down: 'r2',
    header: 'export const transaction = false',
    up: "op.createIndex('counter', { name: 'counter_a', columns: ['a'], concurrently: true })",
    back: "op.dropIndex('counter', 'counter_a')",
  }),
  ...revisionFile('r4', { down: 'r3', ...proves('r4') }),
  ...revisionFile('r5', {
    down: 'r4',
    ...records(
      'r5',
      `op.createTable('notes', { columns: [{ name: 'id', type: 'integer' }, { name: 'said', type: 'string', length: 40 }] })
  op.execute("insert into notes (id, said) values (1, 'one'), (2, 'two')")`,
      "op.dropTable('notes')",
    ),
  }),
  ...revisionFile('r6', {
    down: 'r5',
    ...records(
      'r6',
      "op.renameColumn('notes', 'said', 'told')\n  op.createIndex('notes', { name: 'notes_told', columns: ['told'], unique: true })",
      "op.dropIndex('notes', 'notes_told')\n  op.renameColumn('notes', 'told', 'said')",
    ),
  }),
  ...revisionFile('r7', { down: 'r6', ...proves('r7') }),
}

/** The same, without the step that needs two connections at once. */
export const plainHistoryFiles: Readonly<Record<string, string>> = {
  ...historyFiles,
  ...revisionFile('r3', {
    down: 'r2',
    up: "op.createIndex('counter', { name: 'counter_a', columns: ['a'] })",
    back: "op.dropIndex('counter', 'counter_a')",
  }),
}

const columns = { proof: 'step', counter: 'n, a, b', notes: 'id, told' }

/** All that must be the same in the end, however it came about. */
export function outcome(url: string): Promise<Snapshot> {
  return snapshot(url, columns)
}
