/** Makes a schema beside the connection's own. */
export interface CreateSchema {
  readonly schema: string
}
