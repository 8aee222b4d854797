/** Views that entities stand for. */
import type * as Core from '@mikro-orm/core'
import type { EntityMetadata } from '@mikro-orm/core'
import type {
  AbstractSqlDriver,
  AbstractSqlPlatform,
  DatabaseSchema,
  DatabaseView,
  MikroORM,
} from '@mikro-orm/sql'
import { AludelError } from '../../src/errors.ts'
import { isSameSql, nameIn, pieces, withoutEnd } from './sql-pieces.ts'
import { type WantedTriggers, wantedTriggers } from './triggers.ts'
import type { Writing } from './writing.ts'

export interface WantedView {
  readonly view: DatabaseView
  /** Without a semicolon at its end. */
  readonly definition: string
  readonly triggers: WantedTriggers
}

export interface ViewContext {
  readonly metadata: readonly EntityMetadata[]
  readonly orm: MikroORM<AbstractSqlDriver>
  readonly core: typeof Core
  readonly writing: Writing
}

/**
 * In the order in which they can be created: what another one reads comes first.
 * @throws {AludelError} ENTITIES_INVALID
 */
export function wantedViews(schema: DatabaseSchema, context: ViewContext): readonly WantedView[] {
  const { metadata, orm, writing } = context
  const platform = orm.driver.getPlatform()
  const views = schema.getViews().map((view): WantedView => {
    if (view.materialized && !platform.supportsMaterializedViews()) throw notMaterialized(view.name)
    const meta = metadata.find((each) => each.view && each.collection === view.name && isIn(each, view))
    const written = meta && writtenDefinition(meta, orm)
    // MikroORM takes what follows `--` out of strings too.
    const isKept = written === undefined || isSameSql(view.definition, written, writing.backslashEscapes)
    return {
      view,
      definition: withoutEnd(isKept ? view.definition : written, writing.backslashEscapes),
      triggers: meta ? triggersOf(meta, context, platform) : { triggers: [], raw: [] },
    }
  })
  return inOrder(views, writing)
}

function isIn({ schema }: EntityMetadata, view: DatabaseView): boolean {
  return (schema ?? '') === (view.schema ?? '')
}

function writtenDefinition(
  { expression }: EntityMetadata,
  { em }: MikroORM<AbstractSqlDriver>,
): string | undefined {
  const written: unknown =
    typeof expression === 'function' ? expression(em, {} as never, {} as never) : expression
  return typeof written === 'string' ? written : undefined
}

/** MikroORM itself leaves them out. */
function triggersOf(
  { triggers, className }: EntityMetadata,
  { core, writing }: ViewContext,
  platform: AbstractSqlPlatform,
): WantedTriggers {
  const defs = triggers.map(({ name = '', forEach = 'row', body, when, expression, ...rest }) => ({
    ...rest,
    name,
    forEach,
    body: core.isRaw(body) ? platform.formatQuery(body.sql, body.params) : String(body ?? ''),
    ...(when !== undefined && { when }),
    ...(expression !== undefined && { expression }),
  }))
  return wantedTriggers(defs, className, writing)
}

function notMaterialized(name: string): AludelError {
  return new AludelError(
    'ENTITIES_INVALID',
    `View ${name} is materialized: only PostgreSQL has such views.`,
    {
      state: 'Nothing was changed.',
      fix: 'Leave `materialized` out.',
      details: { view: name },
    },
  )
}

function inOrder(views: readonly WantedView[], writing: Writing): readonly WantedView[] {
  const read = new Map(views.map((each) => [each, namesRead(each.definition, writing)]))
  const done = new Set<WantedView>()
  const ordered: WantedView[] = []
  const visit = (each: WantedView): void => {
    if (done.has(each)) return
    done.add(each)
    for (const other of views) {
      if (other !== each && read.get(each)?.has(other.view.name.toLowerCase())) visit(other)
    }
    ordered.push(each)
  }
  for (const each of views) visit(each)
  return ordered
}

const before = new Set(['from', 'join', ',', '(', 'only', 'lateral'])

/** Names, in lower case, that stand where a table or view can stand, and some more. */
function namesRead(sql: string, { backslashEscapes }: Writing): ReadonlySet<string> {
  const meant = pieces(sql, backslashEscapes).filter(({ kind }) => kind !== 'space')
  const found = new Set<string>()
  meant.forEach((piece, at) => {
    const start = meant[at - 1]?.text === '.' ? at - 2 : at
    const isPlace = before.has(meant[start - 1]?.text.toLowerCase() ?? '')
    const name = nameIn(piece)
    if (isPlace && name !== undefined && meant[at + 1]?.text !== '.') found.add(name.toLowerCase())
  })
  return found
}
