import { AludelError } from '../../src/errors.ts'
import type { OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { splitName } from '../../src/schema/name.ts'

/**
 * PostgreSQL cuts a longer name without an error: another thing than the one that was meant would be there.
 * @throws {AludelError} NOT_SUPPORTED
 */
export function checkNewNames<K extends OperationKind>(operation: OperationOf<K>): void {
  for (const name of newNames[operation.kind](operation)) checkLength(name)
}

const none = (): readonly string[] => []

/** Of tables, columns and what has names of its own. Names of indexes and constraints come from generators that count on being cut. */
const newNames: { readonly [K in OperationKind]: (operation: OperationOf<K>) => readonly string[] } = {
  createTable: ({ table }) => [...parts(table.name), ...table.columns.map(({ name }) => name)],
  dropTable: none,
  renameTable: ({ to }) => parts(to),
  addColumn: ({ column }) => [column.name],
  dropColumn: none,
  alterColumn: none,
  renameColumn: ({ to }) => [to],
  createIndex: none,
  dropIndex: none,
  createPrimaryKey: none,
  createUniqueConstraint: none,
  createForeignKey: none,
  createCheckConstraint: none,
  dropConstraint: none,
  renameIndex: none,
  setTableComment: none,
  validateConstraint: none,
  createEnum: ({ name }) => parts(name),
  alterEnum: none,
  dropEnum: none,
  createView: ({ view }) => parts(view.name),
  replaceView: none,
  dropView: none,
  createTrigger: ({ trigger }) => [trigger.name],
  dropTrigger: none,
  createSchema: ({ schema }) => [schema],
  dropSchema: none,
  bulkInsert: none,
  execute: none,
}

function parts(text: string): readonly string[] {
  const { schema, name } = splitName(text)
  return schema === undefined ? [name] : [schema, name]
}

function checkLength(name: string): void {
  const bytes = Buffer.byteLength(name)
  if (bytes <= 63) return
  throw new AludelError('NOT_SUPPORTED', `PostgreSQL cuts names at 63 bytes; ${name} has ${bytes}.`, {
    fix: 'Give it a shorter name.',
    details: { name },
  })
}
