import type { OperationOf } from '../../src/operations/operation.ts'
import { type QualifiedName, splitName } from '../../src/schema/name.ts'
import type { Table } from '../../src/schema/schema.ts'
import { dollarQuoted } from './dollar-quoted.ts'
import { literal, quote } from './literal.ts'
import { functionName, withBody } from './trigger.ts'

/**
 * Gives a table another name, another schema, or both. The functions that its triggers have for themselves come along: they are
 * known by their names.
 * @param found the table before, where it is known
 */
export function renameTable(
  { table, to }: OperationOf<'renameTable'>,
  found: Table | undefined,
): readonly string[] {
  const [from, wanted] = [splitName(table), splitName(to)]
  return [
    ...move('table', from, wanted),
    ...withBody(found?.triggers).flatMap(({ name }) =>
      move(
        'function',
        { ...from, name: functionName(table, name) },
        { ...wanted, name: functionName(to, name) },
      ),
    ),
  ]
}

/** Where both change it has a name of its own on the way: its old one may be taken there, and its new one here. */
function move(kind: 'table' | 'function', from: QualifiedName, to: QualifiedName): readonly string[] {
  const alter = ({ schema, name }: QualifiedName): string =>
    `alter ${kind} ${schema === undefined ? '' : `${quote(schema)}.`}${quote(name)}${kind === 'function' ? '()' : ''}`
  const rename = (one: QualifiedName, name: string): string => `${alter(one)} rename to ${quote(name)}`
  if (from.schema === to.schema) return from.name === to.name ? [] : [rename(from, to.name)]
  if (from.name === to.name) return [setSchema(alter(from), to.schema)]
  return [
    rename(from, between),
    setSchema(alter({ ...from, name: between }), to.schema),
    rename({ ...to, name: between }, to.name),
  ]
}

const between = 'aludel_moving'

/** What the connection's own schema is called the server is asked when it runs. */
function setSchema(alter: string, schema: string | undefined): string {
  if (schema !== undefined) return `${alter} set schema ${quote(schema)}`
  const command = `${literal(`${alter} set schema `)} || quote_ident(current_schema())`
  return `do ${dollarQuoted(`begin execute ${command}; end`, 'aludel')}`
}
