/** Every kind of operation. Loaded only where operations are: a command that runs and compares nothing does without. */
import { definition as addColumn } from './add-column/definition.ts'
import { definition as alterColumn } from './alter-column/definition.ts'
import { definition as alterEnum } from './alter-enum/definition.ts'
import { definition as bulkInsert } from './bulk-insert/definition.ts'
import { definition as createCheckConstraint } from './create-check-constraint/definition.ts'
import { definition as createEnum } from './create-enum/definition.ts'
import { definition as createForeignKey } from './create-foreign-key/definition.ts'
import { definition as createIndex } from './create-index/definition.ts'
import { definition as createPrimaryKey } from './create-primary-key/definition.ts'
import { definition as createSchema } from './create-schema/definition.ts'
import { definition as createTable } from './create-table/definition.ts'
import { definition as createTrigger } from './create-trigger/definition.ts'
import { definition as createUniqueConstraint } from './create-unique-constraint/definition.ts'
import { definition as createView } from './create-view/definition.ts'
import type { Definition } from './definition.ts'
import { definition as dropColumn } from './drop-column/definition.ts'
import { definition as dropConstraint } from './drop-constraint/definition.ts'
import { definition as dropEnum } from './drop-enum/definition.ts'
import { definition as dropIndex } from './drop-index/definition.ts'
import { definition as dropSchema } from './drop-schema/definition.ts'
import { definition as dropTable } from './drop-table/definition.ts'
import { definition as dropTrigger } from './drop-trigger/definition.ts'
import { definition as dropView } from './drop-view/definition.ts'
import { definition as execute } from './execute/definition.ts'
import type { Operation, OperationKind, OperationOf } from './operation.ts'
import { definition as renameColumn } from './rename-column/definition.ts'
import { definition as renameIndex } from './rename-index/definition.ts'
import { definition as renameTable } from './rename-table/definition.ts'
import { definition as replaceView } from './replace-view/definition.ts'
import { definition as setTableComment } from './set-table-comment/definition.ts'
import { definition as validateConstraint } from './validate-constraint/definition.ts'

export const definitions: { readonly [K in OperationKind]: Definition<K> } = {
  createTable,
  dropTable,
  renameTable,
  addColumn,
  dropColumn,
  alterColumn,
  renameColumn,
  createIndex,
  dropIndex,
  createPrimaryKey,
  createUniqueConstraint,
  createForeignKey,
  createCheckConstraint,
  dropConstraint,
  renameIndex,
  setTableComment,
  validateConstraint,
  createEnum,
  alterEnum,
  dropEnum,
  createView,
  replaceView,
  dropView,
  createTrigger,
  dropTrigger,
  createSchema,
  dropSchema,
  bulkInsert,
  execute,
}

export function definitionOf<K extends OperationKind>(operation: OperationOf<K>): Definition<K> {
  return definitions[operation.kind]
}

/** Whether a value of unknown origin is of a kind that there is; what it holds is checked when it is recorded. */
export function isOperation(value: unknown): value is Operation {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    Object.hasOwn(definitions, String(value.kind))
  )
}
