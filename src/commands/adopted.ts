/** The migrations of another tool as revisions. Pure. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Adoption, RecordedMigration, RecordedWay } from '../dialect.ts'
import { operationText } from '../operations/text.ts'
import type { NewRevision } from '../revision/write.ts'

export interface Adopted {
  readonly migration: RecordedMigration
  readonly revision: NewRevision
  /** A person has to write what it does. */
  readonly byHand: boolean
  readonly warnings: readonly string[]
}

export interface AdoptOptions {
  readonly adoption: Adoption
  /** Absolute; what paths are written relative to. */
  readonly root: string
  /** What the first follows; undefined: nothing. */
  readonly after: string | undefined
  /** DDL can be taken back, so that a transaction is worth having. */
  readonly rollsBack: ((sql: string) => boolean) | undefined
}

/** One revision for each, in a line; the same whoever adopts them, and when. */
export function adoptMigrations(
  migrations: readonly RecordedMigration[],
  { after, ...options }: AdoptOptions,
): readonly Adopted[] {
  let parent = after
  let before = new Date(0)
  return migrations.map((migration) => {
    before = timeIn(migration.name) ?? before
    const adopted = adopt(migration, { ...options, parent, createdAt: before })
    parent = adopted.revision.revision
    return adopted
  })
}

/** Twelve hexadecimal digits of the migration's name: the same for everybody. */
export function adoptedId(name: string): string {
  return createHash('sha256').update(`mikro-orm:${name}`).digest('hex').slice(0, 12)
}

interface Place extends Omit<AdoptOptions, 'after'> {
  readonly parent: string | undefined
  readonly createdAt: Date
}

function adopt(migration: RecordedMigration, place: Place): Adopted {
  const { adoption, root, parent, createdAt } = place
  const { name, up, down } = migration
  const transaction = isTransactional(migration, place)
  const [forth, back] = [up, down].map(({ texts }) => adoption.port(texts, { transactional: transaction }))
  const upgrade = executed(forth?.statements)
  const downgrade = executed(back?.statements)
  const file = migration.path && path.relative(root, migration.path).split(path.sep).join('/')
  const origin = file === undefined ? `\`${name}\`` : `\`${name}\` (${file})`
  const irreversible = whyNoWayBack(migration, origin, upgrade.length > 0 && downgrade.length === 0)
  const byHand = up.asks !== undefined
  const from = `Adopted from MikroORM's migration ${origin}.`
  const revision: NewRevision = {
    revision: adoptedId(name),
    downRevision: parent === undefined ? [] : [parent],
    branchLabels: [],
    dependsOn: [],
    message: messageOf(name),
    createdAt,
    upgrade,
    downgrade,
    notes: {
      upgrade: [from, ...(forth?.notes ?? []), ...(byHand ? askedNotes(up, upgrade) : [])],
      downgrade: [...(back?.notes ?? [])],
    },
    ...(transaction ? {} : { transaction }),
    ...(irreversible === undefined ? {} : { irreversible }),
    ...(byHand
      ? {
          unwritten: `${name} of MikroORM asks the database and goes by the answer. That could not be adopted: write it into this file by hand.`,
        }
      : {}),
  }
  const asksBack =
    down.asks === undefined
      ? []
      : [
          `The way back of ${origin} asks the database: \`irreversible\` until you write its \`downgrade\` by hand.`,
        ]
  return { migration, revision, byHand, warnings: asksBack }
}

function executed(statements: readonly string[] = []): readonly string[] {
  return statements.map((sql) => operationText({ kind: 'execute', sql }))
}

/** Where the configuration takes transactions from all, only what cannot run in one stays without. */
function isTransactional(
  { transactional, up, down }: RecordedMigration,
  { adoption, rollsBack }: Place,
): boolean {
  if (transactional !== 'unsaid') return transactional
  if (!rollsBack) return true
  return [...up.texts, ...down.texts].flatMap((text) => adoption.split(text)).every(rollsBack)
}

function whyNoWayBack(
  { name, down }: RecordedMigration,
  origin: string,
  isEmpty: boolean,
): string | undefined {
  if (down.asks !== undefined) {
    return `The way back of ${origin} asks the database and goes by the answer; write \`downgrade\` by hand and take this line out`
  }
  if (down.refuses !== undefined) return down.refuses
  return isEmpty ? `${name} of MikroORM has no way back` : undefined
}

function askedNotes({ asks = '' }: RecordedWay, recorded: readonly string[]): readonly string[] {
  return [
    `It asks the database, and goes by the answer: ${asks}`,
    'Nobody can tell from the outside what it does then: write it here by hand, with `op.query` and `op.db`.',
    ...(recorded.length === 0 ? [] : ['This much could be recorded of it:']),
    ...recorded,
  ]
}

/** `Migration20240101120000_add_users` is `add users`; without words of its own, the name itself. */
function messageOf(name: string): string {
  const words = name
    .replace(/^migration(?=[\d_-])/i, '')
    .replace(/^[_-]*\d{8,}/, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()
  return words === '' ? name : words
}

/** The fourteen digits of a day and a time in it, or the thirteen of milliseconds; undefined when it has none. */
function timeIn(name: string): Date | undefined {
  const digits = /(?<!\d)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(name)
  if (digits) {
    const [, year, month, day, hour, minute, second] = digits
    const found = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
    return Number.isNaN(found.getTime()) ? undefined : found
  }
  const epoch = /(?<!\d)(1\d{12})(?!\d)/.exec(name)?.[1]
  return epoch === undefined ? undefined : new Date(Number(epoch))
}
