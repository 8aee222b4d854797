/** Drops a trigger, with the function that it has for itself. */
export interface DropTrigger {
  /** Or a view. */
  readonly table: string
  readonly trigger: string
}
