/** One statement in the database's own words; what it changes is not known. */
export interface Execute {
  readonly sql: string
}
