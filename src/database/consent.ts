/** No data are lost that nobody has agreed to lose. */
import type { Dialect, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { type Drop, dropName, dropsOf } from '../operations/drops.ts'
import type { Operation } from '../operations/operation.ts'
import { stringText } from '../operations/string-text.ts'
import type { RevisionFile } from '../revision/read.ts'
import { quotedName } from './quoted-name.ts'

/** What may be lost beside what the files say: everything, or these names of these revisions. */
export type Consent = 'everything' | ReadonlyMap<string, readonly string[]>

/** Who can be asked for more of it; what is asked is the error that ends the run otherwise. */
export type AskConsent = (missing: AludelError) => Promise<boolean>

export interface ConsentSubject {
  readonly dialect: Dialect
  readonly session: Session
  readonly file: RevisionFile
  readonly consent: Consent
}

export interface Batch {
  readonly operations: readonly Operation[]
  /** Those that an earlier run has not carried out. */
  readonly left: readonly Operation[]
  /** A transaction is open, which a query that fails would spoil. */
  readonly inTransaction: boolean
}

/** Called before the first statement of each batch of a step. @throws {AludelError} CONSENT_MISSING */
export type CheckConsent = (batch: Batch) => Promise<void>

export function checkConsent({ dialect, session, file, consent }: ConsentSubject): CheckConsent {
  const operations: Operation[] = []
  return async (batch) => {
    operations.push(...batch.operations)
    if (consent === 'everything') return
    const allowed = new Set([...file.allowDataLoss, ...(consent.get(file.revision) ?? [])])
    // Consent speaks of what was there before the revision; what is there now has the names that it has got meanwhile.
    const names = new Map(
      dropsOf(operations, dialect.capabilities).map((drop) => [drop.operation, dropName(drop)]),
    )
    const losses: Loss[] = []
    for (const drop of dropsOf(batch.left, dialect.capabilities)) {
      const name = names.get(drop.operation)
      if (name === undefined || allowed.has(name)) continue
      const held = await countHeld({ dialect, session }, batch, drop)
      if (held > 0) losses.push({ name, text: lossText(drop, name, held) })
    }
    if (losses.length > 0) throw consentMissing(file, losses)
  }
}

/** With the consent to what the error says would be lost. */
export function withConsent(consent: Consent, { details }: AludelError): Consent {
  if (consent === 'everything') return consent
  const [revision, loss] = [String(details['revision']), details['loss']]
  const names = Array.isArray(loss) ? loss.map(String) : []
  return new Map([...consent, [revision, [...(consent.get(revision) ?? []), ...names]]])
}

interface Loss {
  readonly name: string
  readonly text: string
}

/** Counting more would take long and tell no more. */
const most = 1000

type Place = Pick<ConsentSubject, 'dialect' | 'session'>

/** How many rows or values it holds, up to one more than `most`; 0 where it is not there: then its drop fails, or raw SQL makes it before. */
async function countHeld(place: Place, batch: Batch, drop: Drop): Promise<number> {
  const { dialect, session } = place
  try {
    return await contained(session, batch, () => count(place, drop))
  } catch (error) {
    if (session.closed) throw error
    if (dialect.isMissingTable(error) || !(await contained(session, batch, () => isThere(place, drop))))
      return 0
    throw error
  }
}

async function count({ dialect, session }: Place, { table, column }: Drop): Promise<number> {
  // Without the `t.` SQLite would take a column that is not there for a text.
  const where = column === undefined ? '' : ` where t.${dialect.quote(column)} is not null`
  const [row] = await session.query<{ readonly held: unknown }>(
    `select count(*) as held from (select 1 as one from ${quotedName(dialect, table)} t${where} limit ${most + 1}) c`,
  )
  return Number(row?.held)
}

/** Whether a table that has rows has the column. */
async function isThere({ dialect, session }: Place, { table, column }: Drop): Promise<boolean> {
  if (column === undefined) return true
  const [row] = await session.query(`select * from ${quotedName(dialect, table)} limit 1`)
  return row !== undefined && Object.keys(row).some((name) => name.toLowerCase() === column.toLowerCase())
}

/** Leaves a transaction as it was, also its locks. */
async function contained<T>(session: Session, { inTransaction }: Batch, work: () => Promise<T>): Promise<T> {
  if (!inTransaction) return work()
  await session.simple('savepoint aludel_consent')
  try {
    return await work()
  } finally {
    if (!session.closed) {
      await session.simple('rollback to savepoint aludel_consent')
      await session.simple('release savepoint aludel_consent')
    }
  }
}

function lossText({ column }: Drop, name: string, held: number): string {
  const what = column === undefined ? 'row' : 'value'
  const many =
    held > most
      ? `more than ${most.toLocaleString('en')} ${what}s`
      : `${held} ${what}${held === 1 ? '' : 's'}`
  return column === undefined ? `table ${name} with ${many}` : `${name}, which holds ${many}`
}

function consentMissing({ allowDataLoss, path }: RevisionFile, losses: readonly Loss[]): AludelError {
  const loss = [...new Set(losses.map(({ name }) => name))]
  const names = [...new Set([...allowDataLoss, ...loss])].map(stringText).join(', ')
  return new AludelError('CONSENT_MISSING', `it would lose ${losses.map(({ text }) => text).join('; ')}.`, {
    fix: `If that may go, say so in ${path}: \`export const allowDataLoss = [${names}]\`; or give --yes.`,
    details: { loss },
  })
}
