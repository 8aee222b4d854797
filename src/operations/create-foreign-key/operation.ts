import type { ForeignKey } from '../../schema/schema.ts'

export interface CreateForeignKey {
  readonly table: string
  readonly foreignKey: ForeignKey
}
