/** Takes over the history of MikroORM's own migrator: a revision for each migration, and what is applied. */
import { mkdtempSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Settings } from '../config.ts'
import type { Adoption, Dialect, MigrationHistory } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { type Graph, buildGraph, heads } from '../graph/graph.ts'
import { type RevisionFile, readRevisions } from '../revision/read.ts'
import { writeRevision } from '../revision/write.ts'
import { driftFrom } from './adopt-drift.ts'
import { type Proof, prove } from './adopt-proof.ts'
import { appliedNames, stampAdopted } from './adopt-stamp.ts'
import { type Adopted, adoptMigrations, adoptedId } from './adopted.ts'
import { type Database, withDatabase } from './database.ts'
import { folderFor, readGraphSoFar } from './new-file.ts'
import type { Caller } from './project.ts'

export interface AdoptOptions {
  /** Write and stamp nothing; say what would be. */
  readonly dryRun: boolean
  /** Go on although it cannot be proved that both histories make the same. */
  readonly withoutProof: boolean
  /** Absolute; one of the configured folders. */
  readonly versionPath: string | undefined
}

export interface AdoptResult {
  readonly dryRun: boolean
  /** In order; `path` is null in a dry run. */
  readonly written: readonly WrittenRevision[]
  /** How many were adopted before. */
  readonly known: number
  /** Ids that are recorded as applied from now on. */
  readonly stamped: readonly string[]
  /** Migrations that MikroORM has not applied here, by name. */
  readonly pending: readonly string[]
  /** Null when nothing was written. */
  readonly proof: { readonly proved: boolean; readonly back: number; readonly why: string | null } | null
  /** What the live database has otherwise than the history makes it; null where that was not looked at. */
  readonly drift: readonly string[] | null
  readonly warnings: readonly string[]
  /** The table of MikroORM's migrator, which stays as it is. */
  readonly table: string
}

export interface WrittenRevision {
  readonly revision: string
  readonly migration: string
  readonly path: string | null
  readonly statements: number
  readonly applied: boolean
  /** A person has to write what it does. */
  readonly byHand: boolean
}

/**
 * Reads everything, proves it, and only then writes files, all or none, and the ledger. MikroORM's own table is read and left alone.
 * @throws {AludelError} MIGRATIONS_UNREADABLE, UNKNOWN_MIGRATION, OTHER_HISTORY, MIGRATIONS_FOLDER, NOT_PROVED, DIFFERENT, NOT_SUPPORTED, and the
 *   faults of graph, entities and database
 */
export async function adopt(settings: Settings, options: AdoptOptions, caller: Caller): Promise<AdoptResult> {
  const dialect = await settings.dialect()
  const adoption = await adoptionOf(dialect)
  const history = await adoption.history(settings.entities)
  refuseSharedFolder(settings, history)
  const graph = await readGraphSoFar(settings)
  const fresh = history.migrations.filter(({ name }) => !graph.revisions.has(adoptedId(name)))
  const after = headToFollow(graph, history, fresh.length > 0)
  const adopted = adoptMigrations(fresh, {
    adoption,
    root: settings.root,
    after,
    rollsBack: dialect.capabilities.transactionalDdl ? dialect.rollsBack : undefined,
  })
  const style = { ...settings.newFiles, timezone: 'UTC' }
  return withDatabase(settings, options.dryRun ? 'read' : 'write', async (database) => {
    const applied = new Set(await appliedNames(database, history.table))
    refuseMissing(applied, history, graph)
    const proof =
      adopted.length === 0
        ? undefined
        : await proofOf(settings, { adoption, database, history, graph, adopted, style }, options)
    const drift = await driftOf(settings, { database, history, applied, proof })
    const folder = folderFor(settings, graph, {
      downRevision: after === undefined ? [] : [after],
      versionPath: options.versionPath,
    })
    const paths = options.dryRun ? [] : writeAll(folder, adopted, style)
    const ids = [...applied].map(adoptedId)
    const stamped = options.dryRun ? [] : await stampAdopted(settings, database, ids, caller)
    return {
      dryRun: options.dryRun,
      written: adopted.map(({ migration: { name }, revision, byHand }, at) => ({
        revision: revision.revision,
        migration: name,
        path: paths[at] ?? null,
        statements: revision.upgrade.length,
        applied: applied.has(name),
        byHand,
      })),
      known: history.migrations.length - fresh.length,
      stamped,
      pending: history.migrations.flatMap(({ name }) => (applied.has(name) ? [] : [name])),
      proof: proof
        ? {
            proved: proof.proved,
            back: proof.proved ? proof.back : 0,
            why: proof.proved ? null : proof.why,
          }
        : null,
      drift,
      warnings: [
        ...history.warnings,
        ...adopted.flatMap(({ warnings }) => warnings),
        ...(proof?.proved ? proof.warnings : []),
      ],
      table: history.table.name,
    }
  })
}

async function adoptionOf({ name, adoption }: Dialect): Promise<Adoption> {
  if (adoption) return adoption()
  throw new AludelError('NOT_SUPPORTED', `The dialect ${name} takes over no migrations of MikroORM.`, {
    state: 'Nothing was written.',
    fix: 'Take the database over as it is: `aludel revision --autogenerate --from-empty -m baseline`, then `aludel stamp head`.',
    details: { dialect: name },
  })
}

/** Each would take the other's files for its own. */
function refuseSharedFolder({ migrations, root }: Settings, { folder }: MigrationHistory): void {
  if (folder === undefined || !migrations.includes(folder)) return
  const name = path.relative(root, folder)
  throw new AludelError(
    'MIGRATIONS_FOLDER',
    `${name} is the folder of MikroORM's migrations and of aludel's revisions.`,
    {
      state: 'Nothing was written.',
      fix: 'Give aludel one of its own in its configuration, as in `"migrations": "revisions"`; MikroORM would run its files.',
      details: { folder },
    },
  )
}

/**
 * What the first new revision follows.
 * @throws {AludelError} OTHER_HISTORY when something is to be written beside revisions that were not adopted
 */
function headToFollow(graph: Graph, { migrations }: MigrationHistory, writes: boolean): string | undefined {
  if (!writes) return undefined
  const ids = new Set(migrations.map(({ name }) => adoptedId(name)))
  const own = [...graph.revisions.keys()].filter((id) => !ids.has(id))
  const [head, another] = heads(graph)
  if (own.length === 0 && another === undefined) return head
  const fresh = migrations.filter(({ name }) => !graph.revisions.has(adoptedId(name))).map(({ name }) => name)
  throw new AludelError(
    'OTHER_HISTORY',
    `The history has revisions that were not adopted (${list(own)}), and these migrations of MikroORM are not in it: ${list(fresh)}.`,
    {
      state: 'Nothing was written.',
      fix: 'From where aludel has begun, changes are its revisions: write these as such (`aludel revision -m …`), or adopt before the first of your own.',
      details: { revisions: own, migrations: fresh },
    },
  )
}

/** @throws {AludelError} UNKNOWN_MIGRATION when the database has had a migration that is nowhere */
function refuseMissing(applied: ReadonlySet<string>, history: MigrationHistory, graph: Graph): void {
  const names = new Set(history.migrations.map(({ name }) => name))
  const missing = [...applied].filter((name) => !names.has(name) && !graph.revisions.has(adoptedId(name)))
  if (missing.length === 0) return
  const place = history.folder === undefined ? '`migrationsList`' : history.folder
  throw new AludelError(
    'UNKNOWN_MIGRATION',
    `${history.table.name} says that ${list(missing)} ${missing.length === 1 ? 'was' : 'were'} applied, but ${place} has no such migration.`,
    {
      state: 'Nothing was written.',
      fix: `Put the file back (\`git log --all -- '*${missing[0] ?? ''}*'\` finds it). If what it did is in others now, let MikroORM forget it: \`unlogMigration\` of its migrator.`,
      details: { missing },
    },
  )
}

interface ProofInput {
  readonly adoption: Adoption
  readonly database: Database
  readonly history: MigrationHistory
  readonly graph: Graph<RevisionFile>
  readonly adopted: readonly Adopted[]
  readonly style: Settings['newFiles']
}

/** Of the files as they will be written. @throws {AludelError} NOT_PROVED */
async function proofOf(
  settings: Settings,
  { adoption, database: { dialect, url }, history, graph, adopted, style }: ProofInput,
  { withoutProof }: AdoptOptions,
): Promise<Proof> {
  const drafts = mkdtempSync(path.join(tmpdir(), 'aludel-adopt-'))
  try {
    for (const { revision } of adopted) writeRevision(drafts, revision, style)
    const all = buildGraph([...graph.revisions.values(), ...(await readRevisions([drafts], drafts))])
    const asks = history.migrations.find(({ up }) => up.asks !== undefined)
    if (withoutProof || asks) {
      const why = asks ? `${asks.name} asks the database, and goes by the answer` : 'it was not asked for'
      return { proved: false, why, fix: undefined, cause: undefined }
    }
    const files = [...all.revisions.values()]
    const migrations = inOrderOf(files, history)
    const proof = await prove(settings, { dialect, adoption, url, migrations, files })
    if (proof.proved) return proof
    throw new AludelError(
      'NOT_PROVED',
      `It cannot be proved that the revisions make what the migrations make: ${proof.why}.`,
      {
        state: 'Nothing was written or changed.',
        fix: `${proof.fix ?? 'Correct what it names.'} Or adopt them unproved: --without-proof.`,
        cause: proof.cause,
      },
    )
  } finally {
    rmSync(drafts, { recursive: true, force: true })
  }
}

/** Migrations that came later with an earlier name were adopted behind the others. */
function inOrderOf(
  files: readonly RevisionFile[],
  { migrations }: MigrationHistory,
): MigrationHistory['migrations'] {
  const at = new Map(files.map(({ revision }, index) => [revision, index]))
  const place = (name: string): number => at.get(adoptedId(name)) ?? 0
  return migrations.toSorted((a, b) => place(a.name) - place(b.name))
}

interface DriftInput {
  readonly database: Database
  readonly history: MigrationHistory
  readonly applied: ReadonlySet<string>
  readonly proof: Proof | undefined
}

/** Only where all are applied can the database be what they make. */
async function driftOf(
  { ledger }: Settings,
  { database: { dialect, connect }, history: { migrations, table }, applied, proof }: DriftInput,
): Promise<readonly string[] | null> {
  if (!proof?.proved || migrations.some(({ name }) => !applied.has(name))) return null
  const live = await dialect.reflect(await connect())
  const own = [table.name, ledger.revisionTable, ledger.journalTable]
  return driftFrom(proof.schema, live, { own, capabilities: dialect.capabilities })
}

/** All or none. */
function writeAll(
  folder: string,
  adopted: readonly Adopted[],
  style: Settings['newFiles'],
): readonly string[] {
  const written: string[] = []
  try {
    for (const { revision } of adopted) written.push(writeRevision(folder, revision, style))
    return written
  } catch (error) {
    for (const file of written) unlinkSync(file)
    throw error
  }
}

function list(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`
}
