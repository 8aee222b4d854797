import { quote } from './literal.ts'

export function alterTable(table: string, ...changes: readonly (string | undefined)[]): readonly string[] {
  return [`alter table ${quote(table)} ${changes.filter((change) => change !== undefined).join(', ')}`]
}
