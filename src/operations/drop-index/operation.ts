import type { Concurrently } from '../concurrently.ts'

export interface DropIndex extends Concurrently {
  readonly table: string
  readonly index: string
}
