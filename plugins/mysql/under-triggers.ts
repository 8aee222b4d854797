/** The servers keep the statements of triggers as they are, also when a column that they name has another name or is gone. */
import type { Operation } from '../../src/operations/operation.ts'
import { type Schema, tableNamed } from '../../src/schema/schema.ts'
import { unsupported } from './constraints.ts'
import type { Name } from './name.ts'

interface Around {
  readonly name: Name
  /** As far as it is known. */
  readonly before: Schema
  /** All of the revision: one of them may see to the trigger. */
  readonly operations: readonly Operation[]
}

/** @throws {AludelError} NOT_SUPPORTED where each insert, update or delete would fail afterwards */
export function checkTriggers(operation: Operation, { name, before, operations }: Around): void {
  if (operation.kind !== 'renameColumn' && operation.kind !== 'dropColumn') return
  const { kind, table, column } = operation
  const trigger = tableNamed(before, table)?.triggers?.find(
    (each) => usesColumn(each.body ?? '', column) && !operations.some((other) => seesTo(other, each.name)),
  )
  if (!trigger) return
  throw unsupported(
    name,
    `op.${kind} of ${table}.${column} under trigger ${trigger.name}, whose statements name the column and would fail`,
    'Drop the trigger before (op.dropTrigger), and make it again after, in the same revision.',
  )
}

function seesTo(operation: Operation, trigger: string): boolean {
  return operation.kind === 'execute'
    ? operation.sql.includes(trigger)
    : operation.kind === 'dropTrigger' && operation.trigger === trigger
}

/** As `new.a` or `` old.`a` ``, not in a string or comment. */
function usesColumn(body: string, column: string): boolean {
  const text = body.replaceAll(
    /'(?:[^'\\]|''|\\[^])*'|"(?:[^"\\]|""|\\[^])*"|--\s[^\n]*|\/\*[^]*?\*\//g,
    "''",
  )
  const names = text.matchAll(/\b(?:new|old)\s*\.\s*(?:`((?:[^`]|``)*)`|([\w$\u0080-\uffff]+))/gi)
  return [...names].some(
    ([, quoted, bare = '']) => (quoted?.replaceAll('``', '`') ?? bare).toLowerCase() === column.toLowerCase(),
  )
}
