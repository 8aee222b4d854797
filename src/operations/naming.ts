/** What an operation does to the names of things that hold data. */

/** A table, or a column of it. */
export interface Place {
  readonly table: string
  readonly column?: string
}

export type Naming =
  | { readonly makes: Place }
  | { readonly renames: Place; readonly to: string }
  | { readonly drops: Place }
