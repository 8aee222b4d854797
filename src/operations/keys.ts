/** What the parts of a schema may hold. */
import type {
  Check,
  Column,
  ForeignKey,
  Index,
  PrimaryKey,
  Table,
  Trigger,
  UniqueConstraint,
  View,
} from '../schema/schema.ts'
import type { Keys } from './needs.ts'

export const tableKeys: Keys<Omit<Table, 'triggers'>> = {
  ...{ name: true, columns: true, primaryKey: true, uniques: true, indexes: true, foreignKeys: true },
  ...{ checks: true, comment: true, options: true, source: true },
}

export const columnKeys: Keys<Column> = {
  ...{ name: true, type: true, length: true, precision: true, scale: true, items: true, unsigned: true },
  ...{ nullable: true, default: true, autoincrement: true, generated: true, collation: true },
  ...{ comment: true, extra: true },
}

export const primaryKeyKeys: Keys<PrimaryKey> = {
  ...{ name: true, columns: true, parts: true, deferrable: true, include: true, period: true, extra: true },
}

export const uniqueKeys: Keys<UniqueConstraint> = { ...primaryKeyKeys, nullsNotDistinct: true }

export const indexKeys: Keys<Index> = {
  ...{ name: true, columns: true, unique: true, where: true, method: true, include: true, extra: true },
  ...{ nullsNotDistinct: true, invalid: true },
}

export const foreignKeyKeys: Keys<ForeignKey> = {
  ...{ name: true, columns: true, references: true, onDelete: true, onUpdate: true, deferrable: true },
  ...{ notValid: true, onDeleteColumns: true, match: true, period: true, extra: true },
}

export const checkKeys: Keys<Check> = {
  ...{ name: true, column: true, expression: true, extra: true, notValid: true },
}

export const viewKeys: Keys<Omit<View, 'triggers' | 'columns'>> = {
  ...{ name: true, definition: true, materialized: true, indexes: true, comment: true, options: true },
}

export const triggerKeys: Keys<Trigger> = {
  ...{ name: true, timing: true, events: true, columns: true, forEach: true, when: true, body: true },
  ...{ execute: true, referencing: true, constraint: true, enabled: true },
}
