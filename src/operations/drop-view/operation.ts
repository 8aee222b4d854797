/** Drops a view, its triggers and its indexes; the tables that it reads stay. */
export interface DropView {
  readonly view: string
}
