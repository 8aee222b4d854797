import type { Statement } from '../../src/dialect.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { tableOf } from '../../src/operations/table-of.ts'
import { sameName } from './create-text.ts'
import { nameOf, tokenize } from './tokens.ts'

/** Views that a replica cannot hold while tables are renamed, and what is known of them all the same. */
export class LeftOutViews {
  /** The text of each and those of its triggers, by its lower-case name. */
  readonly #texts = new Map<string, readonly string[]>()

  /**
   * @param table that the operation works on for which the view is left out
   * @returns false when its texts may become others
   */
  add(view: string, texts: readonly string[], table: string): boolean {
    if (mayRename(texts, table)) return false
    this.#texts.set(view.toLowerCase(), texts)
    return true
  }

  triggersOf(view: string): readonly string[] | undefined {
    return this.#texts.get(view.toLowerCase())?.slice(1)
  }

  /** @returns the views of which nobody can say any more what they are */
  follow(operation: Operation, statements: readonly Statement[]): readonly string[] {
    const name = relationOf(operation).toLowerCase()
    const own = this.#texts.get(name)
    if (own && operation.kind === 'createTrigger')
      this.#texts.set(name, [...own, ...statements.map(({ sql }) => sql)])
    if (operation.kind === 'dropView') this.#texts.delete(name)
    const renames = operation.kind === 'renameTable' || operation.kind === 'renameColumn'
    const changed = [...this.#texts].flatMap(([view, texts]) => {
      const changes = renames ? mayRename(texts, name) : operation.kind === 'dropTrigger' && view === name
      return changes ? [view] : []
    })
    for (const view of changed) this.#texts.delete(view)
    return changed
  }
}

/** The table or view that an operation works on. */
export function relationOf(operation: Operation): string {
  if ('view' in operation) return typeof operation.view === 'string' ? operation.view : operation.view.name
  return tableOf(operation) ?? ''
}

/** Whether a new name of the table or a column changes a view or its triggers; without triggers that is all one. */
function mayRename(texts: readonly string[], table: string): boolean {
  const names = (sql: string): boolean => tokenize(sql).some((token) => sameName(nameOf(token), table))
  return texts.length > 1 && texts.some(names)
}
