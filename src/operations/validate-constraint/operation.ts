/** Checks the rows that were there before a foreign key or check that was made `notValid`. */
export interface ValidateConstraint {
  readonly table: string
  readonly constraint: string
}
