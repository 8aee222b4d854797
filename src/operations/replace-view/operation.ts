import type { PlainView } from '../create-view/operation.ts'

/** Gives a view another definition; what it says of the view is all that is said of it afterwards. Its triggers stay. */
export interface ReplaceView {
  readonly view: PlainView
}
