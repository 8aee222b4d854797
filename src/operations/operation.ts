/** One schema change, as plain JSON data. */
import type { AddColumn } from './add-column/operation.ts'
import type { AlterColumn } from './alter-column/operation.ts'
import type { AlterEnum } from './alter-enum/operation.ts'
import type { BulkInsert } from './bulk-insert/operation.ts'
import type { CreateCheckConstraint } from './create-check-constraint/operation.ts'
import type { CreateEnum } from './create-enum/operation.ts'
import type { CreateForeignKey } from './create-foreign-key/operation.ts'
import type { CreateIndex } from './create-index/operation.ts'
import type { CreatePrimaryKey } from './create-primary-key/operation.ts'
import type { CreateSchema } from './create-schema/operation.ts'
import type { CreateTable } from './create-table/operation.ts'
import type { CreateTrigger } from './create-trigger/operation.ts'
import type { CreateUniqueConstraint } from './create-unique-constraint/operation.ts'
import type { CreateView } from './create-view/operation.ts'
import type { DropColumn } from './drop-column/operation.ts'
import type { DropConstraint } from './drop-constraint/operation.ts'
import type { DropEnum } from './drop-enum/operation.ts'
import type { DropIndex } from './drop-index/operation.ts'
import type { DropSchema } from './drop-schema/operation.ts'
import type { DropTable } from './drop-table/operation.ts'
import type { DropTrigger } from './drop-trigger/operation.ts'
import type { DropView } from './drop-view/operation.ts'
import type { Execute } from './execute/operation.ts'
import type { RenameColumn } from './rename-column/operation.ts'
import type { RenameIndex } from './rename-index/operation.ts'
import type { RenameTable } from './rename-table/operation.ts'
import type { ReplaceView } from './replace-view/operation.ts'
import type { SetTableComment } from './set-table-comment/operation.ts'
import type { ValidateConstraint } from './validate-constraint/operation.ts'

/** Every kind, with what it holds beside its kind. */
export interface OperationData {
  readonly createTable: CreateTable
  readonly dropTable: DropTable
  readonly renameTable: RenameTable
  readonly addColumn: AddColumn
  readonly dropColumn: DropColumn
  readonly alterColumn: AlterColumn
  readonly renameColumn: RenameColumn
  readonly createIndex: CreateIndex
  readonly dropIndex: DropIndex
  readonly createPrimaryKey: CreatePrimaryKey
  readonly createUniqueConstraint: CreateUniqueConstraint
  readonly createForeignKey: CreateForeignKey
  readonly createCheckConstraint: CreateCheckConstraint
  readonly dropConstraint: DropConstraint
  readonly renameIndex: RenameIndex
  readonly setTableComment: SetTableComment
  readonly validateConstraint: ValidateConstraint
  readonly createEnum: CreateEnum
  readonly alterEnum: AlterEnum
  readonly dropEnum: DropEnum
  readonly createView: CreateView
  readonly replaceView: ReplaceView
  readonly dropView: DropView
  readonly createTrigger: CreateTrigger
  readonly dropTrigger: DropTrigger
  readonly createSchema: CreateSchema
  readonly dropSchema: DropSchema
  readonly bulkInsert: BulkInsert
  readonly execute: Execute
}

export type OperationKind = keyof OperationData
export type OperationOf<K extends OperationKind> = {
  [Kind in K]: { readonly kind: Kind } & OperationData[Kind]
}[K]
export type Operation = OperationOf<OperationKind>
