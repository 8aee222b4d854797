/** Where the record of a history leaves open what is ours, the history is built. */
import { mentions } from '../schema/mentions.ts'
import type { Schema } from '../schema/schema.ts'
import type { HistorySchema } from './history-schema.ts'
import { type Claims, type Unmanaged, divide } from './ours.ts'
import { whyUnbuilt } from './unbuilt.ts'

export interface Settled {
  readonly history: HistorySchema
  /** Why it could not be built, if it was to be; sentences. */
  readonly warnings: readonly string[]
}

/**
 * Builds it only when raw SQL or a data step names something that nobody else claims: it takes time.
 * @param build gives what the history makes, as the database says it
 */
export async function settleHistory(
  live: Schema,
  claims: Claims,
  build: () => Promise<Schema>,
): Promise<Settled> {
  const { history } = claims
  const texts = [...history.raw, ...history.dataSteps.map(({ source }) => source)]
  if (texts.length === 0) return { history, warnings: [] }
  const { unmanaged, lost } = divide(live, { ...claims, history: { ...history, raw: [] } })
  const open = [...unmanaged, ...lost].filter((each) => texts.some((text) => mayMake(text, each)))
  if (open.length === 0) return { history, warnings: [] }
  try {
    return { history: { ...history, built: await build() }, warnings: [] }
  } catch (error) {
    const why = await whyUnbuilt(error)
    if (why === undefined) throw error
    const names = open.map(({ kind, name }) => `${kind} ${name}`).join(', ')
    return {
      history,
      warnings: [
        `Whether revisions made ${names} is known by their text alone, as the history could not be built: ${why}`,
      ],
    }
  }
}

type Words = readonly string[]

const last = (words: Words): Words => words.slice(-1)
/** Of the names that a database gives to what a table has, a text tells nothing but the table. */
const table = (words: Words): Words => words.slice(-2, -1)

/** Of the words of a name those that a text has that makes it. What is seen and not compared is none of these. */
const named: Readonly<Record<string, (words: Words) => Words>> = {
  ...{ schema: last, table: last, view: last, enum: last },
  column: (words) => words.slice(-2),
  ...{ unique: table, index: table, foreignKey: table, check: table, trigger: table },
}

function mayMake(text: string, { kind, name }: Unmanaged): boolean {
  const words = named[kind]?.(name.split('.')) ?? []
  return words.length > 0 && words.every((word) => mentions(text, word))
}
