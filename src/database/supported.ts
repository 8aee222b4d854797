/** Operations that a database has nothing for are refused before anything runs. */
import type { Capabilities, CompileOptions, Dialect, Statement } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { describeOperation } from '../operations/describe.ts'
import type { Operation, OperationKind } from '../operations/operation.ts'
import type { Schema } from '../schema/schema.ts'

/**
 * The statements of operations, one list an operation.
 * @throws {AludelError} NOT_SUPPORTED, SHAPE_UNKNOWN
 */
export async function compileSupported(
  dialect: Dialect,
  operations: readonly Operation[],
  before: Schema,
  options?: CompileOptions,
): Promise<readonly (readonly Statement[])[]> {
  for (const operation of operations) checkSupported(dialect, operation)
  return dialect.compile(operations, before, options)
}

type Feature = 'schemas' | 'nativeEnums' | 'views' | 'materializedViews' | 'triggers'

const needed: { readonly [K in OperationKind]?: Feature } = {
  createEnum: 'nativeEnums',
  alterEnum: 'nativeEnums',
  dropEnum: 'nativeEnums',
  createView: 'views',
  replaceView: 'views',
  dropView: 'views',
  createTrigger: 'triggers',
  dropTrigger: 'triggers',
  createSchema: 'schemas',
  dropSchema: 'schemas',
}

const refusals: Readonly<Record<Feature, { readonly lacks: string; readonly fix: string }>> = {
  schemas: {
    lacks: 'no schemas beside the one of the connection',
    fix: 'Name its tables without a schema, or do this only where `op.dialect` has schemas.',
  },
  nativeEnums: {
    lacks: 'no enum types of their own',
    fix: "Give each column `type: 'enum'` and its `items`; op.alterColumn changes them.",
  },
  views: { lacks: 'no views', fix: 'Do this only where `op.dialect` has views.' },
  materializedViews: {
    lacks: 'no materialized views',
    fix: 'Leave `materialized` out, or keep the rows in a table.',
  },
  triggers: { lacks: 'no triggers', fix: 'Do this only where `op.dialect` has triggers.' },
}

/** @throws {AludelError} NOT_SUPPORTED */
function checkSupported({ name, capabilities }: Dialect, operation: Operation): void {
  const feature = featureOf(operation, capabilities)
  if (feature === undefined || capabilities[feature]) return
  const { lacks, fix } = refusals[feature]
  throw new AludelError('NOT_SUPPORTED', `${describeOperation(operation)}: ${name} has ${lacks}.`, {
    fix,
    details: { kind: operation.kind, dialect: name },
  })
}

function featureOf(operation: Operation, { views }: Capabilities): Feature | undefined {
  const isMaterialized =
    (operation.kind === 'createView' || operation.kind === 'replaceView') && operation.view.materialized
  return views && isMaterialized ? 'materializedViews' : needed[operation.kind]
}
