/** A primary key of which nothing else is said is written as its columns alone. */
import type { PrimaryKey } from '../schema/schema.ts'

export type WrittenKey = PrimaryKey | readonly string[]

export function readKey(key: WrittenKey): PrimaryKey {
  return 'columns' in key ? key : { columns: key }
}

export function writtenKey(key: PrimaryKey): WrittenKey {
  return Object.keys(key).length === 1 ? key.columns : key
}
