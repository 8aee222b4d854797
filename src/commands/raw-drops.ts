import { describeOperation, objectOf } from '../operations/describe.ts'
import type { Operation, OperationKind } from '../operations/operation.ts'
import { mentions } from '../schema/mentions.ts'
import { partsOf } from '../schema/parts.ts'
import type { HistorySchema } from './history-schema.ts'

/** What holds rows is told of as any drop is. */
const kinds: ReadonlySet<OperationKind> = new Set<OperationKind>([
  'dropView',
  'dropTrigger',
  'dropIndex',
  'dropConstraint',
  'dropEnum',
  'dropSchema',
])

/** Somebody wrote it by hand, perhaps because no entity can say it; then it is not to go because none does. */
export function rawDropHints(
  changes: readonly Operation[],
  { built, schema, raw, dataSteps }: HistorySchema,
): readonly string[] {
  const texts = [...raw, ...dataSteps.map(({ source }) => source)]
  const isNamed = (object: string): boolean =>
    texts.some((text) => mentions(text, object.split('.').at(-1) ?? object))
  const recorded = new Set([
    ...Object.values(schema.tables).flatMap((table) =>
      partsOf(table).map(({ name }) => `${table.name}.${name}`),
    ),
    ...Object.keys(schema.views ?? {}),
    ...Object.keys(schema.enums ?? {}),
    ...(schema.schemas ?? []),
  ])
  const dropped = changes.filter((each) => {
    const object = objectOf(each)
    return kinds.has(each.kind) && !recorded.has(object) && (built !== undefined || isNamed(object))
  })
  if (dropped.length === 0) return []
  const list = dropped.map(describeOperation).join(', ')
  return [
    `Raw SQL of a revision made what no entity names: ${list}. If it is to stay, take that out here and leave it out by \`include\` in the configuration.`,
  ]
}
