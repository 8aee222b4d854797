/** Views that go and come, in an order in which each reads what is there. */
import { isDeepStrictEqual } from 'node:util'
import { type Schema, type View, viewNamed } from '../../schema/schema.ts'
import { plainView } from '../create-view/plain-view.ts'
import type { Operation } from '../operation.ts'
import { inOrder } from './in-order.ts'
import { plainSql } from './plain-sql.ts'
import { namesObject, type Touched } from './touched.ts'

export interface ViewChanges {
  /** Those that read others first. */
  readonly drop: readonly Operation[]
  /** Those that others read first. */
  readonly create: readonly Operation[]
  /** Dropped, also when they come back. */
  readonly dropped: ReadonlySet<string>
}

/** A view goes and comes back also when it is in the way: it reads what changes under it, or a view that goes. */
export function compareViews(from: Schema, to: Schema, changing: readonly Touched[]): ViewChanges {
  const old = inOrder(Object.values(from.views ?? {}), reads)
  const dropped = new Set<string>()
  for (const view of old) {
    const wanted = viewNamed(to, view.name)
    const isInTheWay =
      changing.some(({ table }) => namesObject(view.definition, table)) ||
      [...dropped].some((name) => namesObject(view.definition, name))
    if (!wanted || isInTheWay || !isReplaceable(view, wanted)) dropped.add(view.name)
  }
  const come = inOrder(Object.values(to.views ?? {}), reads).flatMap((view): readonly Operation[] => {
    const was = viewNamed(from, view.name)
    if (!was || dropped.has(view.name)) return [{ kind: 'createView', view: plainView(view) }]
    return isSame(was, view) ? [] : [{ kind: 'replaceView', view: plainView(view) }]
  })
  const gone = old.filter(({ name }) => dropped.has(name)).toReversed()
  return { drop: gone.map(({ name }) => ({ kind: 'dropView', view: name })), create: come, dropped }
}

function isSame(one: View, other: View): boolean {
  return isDeepStrictEqual(meaning(one), meaning(other))
}

function meaning(view: View): View {
  return { ...plainView(view), definition: plainSql(view.definition) }
}

/** Others may read its columns: they stay what they are, there and back. */
function isReplaceable(old: View, wanted: View): boolean {
  if (isSame(old, wanted)) return true
  return !old.materialized && !wanted.materialized && isDeepStrictEqual(old.columns, wanted.columns)
}

function reads(view: View, { name }: View): boolean {
  return namesObject(view.definition, name)
}
