import type { Column, NeutralType } from '../../src/schema/schema.ts'

/**
 * MikroORM's types on SQLite, which a test compares with MikroORM's own: asking it would cost every run the
 * 250 ms of loading it.
 */
const types: Readonly<Record<NeutralType, string>> = {
  string: 'text',
  character: 'text',
  text: 'text',
  integer: 'integer',
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'mediumint',
  bigint: 'bigint',
  float: 'real',
  double: 'double',
  decimal: 'numeric',
  boolean: 'integer',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  json: 'json',
  uuid: 'text',
  blob: 'blob',
  enum: 'text',
}

/** Empty for a column without a type. */
export function columnType(column: Pick<Column, 'type' | 'length' | 'precision' | 'scale'>): string {
  const { type, length, precision = 10, scale = 0 } = column
  if (typeof type === 'object') return type.sql
  if (type === 'decimal') return `numeric(${precision},${scale})`
  // The only types whose length MikroORM writes here.
  return (type === 'date' || type === 'time') && length !== undefined ? `${type}(${length})` : types[type]
}
