import type { PrimaryKey } from '../../schema/schema.ts'

export interface CreatePrimaryKey {
  readonly table: string
  readonly primaryKey: PrimaryKey
}
