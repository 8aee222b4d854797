import type { Index } from '../../schema/schema.ts'
import type { Concurrently } from '../concurrently.ts'

export interface CreateIndex extends Concurrently {
  readonly table: string
  readonly index: Index
}
