import type { UniqueConstraint } from '../../schema/schema.ts'

export interface CreateUniqueConstraint {
  readonly table: string
  readonly unique: UniqueConstraint
}
