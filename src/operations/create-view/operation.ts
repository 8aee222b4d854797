import type { View } from '../../schema/schema.ts'

/** Makes a view, with its indexes where it is materialized. */
export interface CreateView {
  readonly view: PlainView
}

/** A view without its triggers, which operations of their own make, and its columns, which follow from it. */
export type PlainView = Omit<View, 'triggers' | 'columns'>
