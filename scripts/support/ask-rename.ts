import type { AskRename } from '../../src/commands/ask-renames.ts'
import type { RenameQuestion } from '../../src/commands/likely-renames.ts'
import { choose } from './choose.ts'
import type { Input } from './command.ts'

/** One question for each thing that may have been renamed: `Was users.phone renamed?` */
export function askRename(input: Pick<Input, 'note'>): AskRename {
  return async (question) => {
    const { candidates } = question
    const [old, name] = namesOf(question)
    const choices = [
      ...candidates.map((candidate) => `to ${candidate}`),
      `no: drop ${old}, add ${candidates.join(', ')}`,
    ]
    return candidates[await choose(input, `Was ${name} renamed?`, choices)]
  }
}

/** By itself, and with what it is a part of. */
function namesOf(question: RenameQuestion): readonly [string, string] {
  if ('enum' in question) return [question.value, `the value ${question.value} of ${question.enum}`]
  if (question.value !== undefined)
    return [question.value, `the value ${question.value} of ${question.table}.${question.column}`]
  const { table, column, index } = question
  if (column !== undefined) return [column, `${table}.${column}`]
  return index === undefined ? [table, `table ${table}`] : [index, `index ${table}.${index}`]
}
