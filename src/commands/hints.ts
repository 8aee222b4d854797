/** What a generated revision tells its reader. */
import type { Capabilities } from '../dialect.ts'
import { dropName, dropsOf } from '../operations/drops.ts'
import type { Operation } from '../operations/operation.ts'
import { stringText } from '../operations/string-text.ts'
import { listed } from './column-values.ts'
import type { RenameQuestion } from './likely-renames.ts'
import type { Unmanaged } from './ours.ts'
import { renamableText } from './rename.ts'
import { shellWord } from './shell-word.ts'

/**
 * What a person should know of a drop before it runs: what is lost, and what it may be a half of.
 * @param open what may have been renamed, and nobody has said
 */
export function hints(operation: Operation, open: readonly RenameQuestion[]): readonly string[] {
  const question = open.find((each) => goesBy(operation, each))
  const told = question?.candidates.map((name) => renameHint(question, name)) ?? []
  const what =
    operation.kind === 'dropTable'
      ? `Drops table ${operation.table} with its rows`
      : operation.kind === 'dropColumn'
        ? `Drops column ${operation.table}.${operation.column} with its values`
        : undefined
  if (what === undefined) return told
  return question ? [`${what}.`, ...told] : [`${what}: review this file before it runs.`]
}

/** What goes with a table although no revision made it. */
export function lostHint({ kind, name }: Unmanaged): string {
  return `With its table goes ${kind} ${name}, which no revision made.`
}

/** What the review of a generated file consents to lose, as its `allowDataLoss` names it: all drops but those that may be renames. */
export function reviewedLoss(
  changes: readonly Operation[],
  open: readonly RenameQuestion[],
  capabilities: Pick<Capabilities, 'caseless'>,
): readonly string[] {
  return dropsOf(changes, capabilities)
    .filter(({ operation }) => !open.some((each) => goesBy(operation, each)))
    .map(dropName)
}

/** Tells whether the operation takes away what may have been renamed. */
function goesBy(operation: Operation, question: RenameQuestion): boolean {
  if ('enum' in question) return operation.kind === 'alterEnum' && operation.name === question.enum
  if (question.value !== undefined) return changesValues(operation, question)
  const { table, column, index } = question
  switch (operation.kind) {
    case 'dropTable':
      return table === operation.table && column === undefined && index === undefined
    case 'dropColumn':
      return table === operation.table && column === operation.column
    case 'dropIndex':
      return table === operation.table && index === operation.index
    case 'dropConstraint':
      return (
        table === operation.table &&
        operation.type === 'unique' &&
        index === operation.name &&
        index !== undefined
      )
    default:
      return false
  }
}

/** Tells whether the operation changes which values the column takes. */
function changesValues(
  operation: Operation,
  {
    table,
    column,
    value,
    candidates,
  }: { readonly table: string; readonly column: string; readonly value: string } & Pick<
    RenameQuestion,
    'candidates'
  >,
): boolean {
  if (operation.kind === 'alterColumn')
    return operation.table === table && operation.column === column && operation.change.type !== undefined
  if (operation.kind !== 'createCheckConstraint' || operation.table !== table) return false
  const values = listed(operation.check)
  return candidates.every((name) => values.includes(name)) && !values.includes(value)
}

function renameHint(question: RenameQuestion, name: string): string {
  const again = `generate again with --rename ${shellWord(`${renamableText(question)}:${name}`)}`
  if ('enum' in question)
    return `If ${name} is the new name of the value ${question.value} of ${question.enum}, add \`renamed: { ${stringText(question.value)}: ${stringText(name)} }\` to its alterEnum, and the other way round below; or ${again}.`
  if (question.value !== undefined)
    return `If ${name} is the new name of the value ${question.value} of ${question.table}.${question.column}, ${again}.`
  const { table, column, index } = question
  const call = (kind: string, ...names: readonly string[]): string =>
    `op.${kind}(${names.map(stringText).join(', ')})`
  const [old, now, what, instead] =
    column !== undefined
      ? [
          column,
          `${table}.${name}`,
          'all calls that add, fill, alter or drop either',
          call('renameColumn', table, column, name),
        ]
      : index === undefined
        ? [table, name, 'its dropTable and createTable', call('renameTable', table, name)]
        : [index, `${table}.${name}`, 'what drops and makes it', call('renameIndex', table, index, name)]
  return `If ${now} is the new name of ${old}, replace ${what} by ${instead}, and the other way round below; or ${again}.`
}
