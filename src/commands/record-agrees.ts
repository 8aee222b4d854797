import { mentions } from '../schema/mentions.ts'
import type { Schema } from '../schema/schema.ts'
import type { HistorySchema } from './history-schema.ts'

/**
 * Tells by names alone whether the record of a history makes the tables and columns that are wanted, and no others. What raw SQL or a
 * data step names may be made or dropped by it.
 */
export function recordAgrees({ schema, raw, dataSteps }: HistorySchema, wanted: Schema): boolean {
  const texts = [...raw, ...dataSteps.map(({ source }) => source)]
  const [made, asked] = [namesIn(schema), namesIn(wanted)]
  const differing = [...made, ...asked].filter(([name]) => !made.has(name) || !asked.has(name))
  return differing.every(([, words]) => texts.some((text) => words.every((word) => mentions(text, word))))
}

/** Tables and columns, with the words that a text has which is about them. */
function namesIn(schema: Schema): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.values(schema.tables).flatMap(({ name, columns }): [string, string[]][] => {
      const table = name.split('.').at(-1) ?? name
      return [
        [name.toLowerCase(), [table]],
        ...columns.map((column): [string, string[]] => [
          `${name}.${column.name}`.toLowerCase(),
          [table, column.name],
        ]),
      ]
    }),
  )
}
