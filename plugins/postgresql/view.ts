/** Views. None is ever dropped with what reads it. */
import type { PlainView } from '../../src/operations/create-view/operation.ts'
import type { View } from '../../src/schema/schema.ts'
import { createIndex } from './create-index.ts'
import { literal, settings } from './literal.ts'
import { quoteName } from './quote-name.ts'
import { createTrigger } from './trigger.ts'

export function createView(view: PlainView): readonly string[] {
  const { name, comment, indexes = [] } = view
  return [
    viewText('create', view),
    ...indexes.map((index) => createIndex(name, index)),
    ...(comment === undefined ? [] : [commentOn(view, comment)]),
  ]
}

/** @param found the view before, where it is known */
export function replaceView(view: PlainView, found: View | undefined): readonly string[] {
  const { name, comment, materialized = false } = view
  const { materialized: wasMaterialized = materialized, triggers = [] } = found ?? {}
  if (materialized || wasMaterialized) {
    return [
      dropView(name, found ?? view),
      ...createView(view),
      ...triggers.flatMap((trigger) => createTrigger(name, trigger)),
    ]
  }
  const isSaid = comment !== undefined || !found || found.comment !== undefined
  return [viewText('create or replace', view), ...(isSaid ? [commentOn(view, comment ?? null)] : [])]
}

/** @param found the view before, where it is known */
export function dropView(name: string, found: Pick<View, 'materialized'> | undefined): string {
  return `drop ${kindOf(found)} ${quoteName(name)}`
}

function viewText(verb: string, view: PlainView): string {
  const { name, options = [], definition } = view
  const storage = options.length === 0 ? '' : ` with (${settings(options)})`
  return `${verb} ${kindOf(view)} ${quoteName(name)}${storage} as ${definition.replace(/[\s;]+$/, '')}`
}

function commentOn(view: PlainView, comment: string | null): string {
  return `comment on ${kindOf(view)} ${quoteName(view.name)} is ${literal(comment)}`
}

function kindOf(view: Pick<View, 'materialized'> | undefined): string {
  return view?.materialized ? 'materialized view' : 'view'
}
