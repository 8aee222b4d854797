/** Drops a schema in which nothing stands any more. */
export interface DropSchema {
  readonly schema: string
}
