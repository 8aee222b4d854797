/** A database of its own to build in and read back. */
import { randomBytes } from 'node:crypto'
import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { connect } from './connect.ts'
import { literal, quote } from './literal.ts'
import { type Name, titles } from './name.ts'

const prefix = 'aludel_scratch_'
/** Older ones, by the time in their name, are of runs that were killed. */
const hour = 3_600_000

/** @throws {AludelError} SCRATCH_UNAVAILABLE when no database can be created, and what `connect` throws */
export async function scratch<T>(
  name: Name,
  { url, ...options }: ConnectOptions & { readonly url: string | undefined },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (url === undefined) throw noServer(name)
  const session = await connect(name, url, options)
  try {
    await dropLeftovers(session)
    const place = await create(session)
    try {
      await session.simple(`use ${quote(place)}`)
      return await work(session)
    } finally {
      await drop(name, url, session, place)
    }
  } finally {
    await session.close()
  }
}

function noServer(name: Name): AludelError {
  return new AludelError('SCRATCH_UNAVAILABLE', `Without a server there is no ${titles[name]} to build in.`, {
    state: 'Nothing was changed.',
    fix: 'Set `scratchUrl` in the configuration to a server where a database can be created; or leave out --from-history.',
  })
}

/** With the collation of the project's database, which tables that name none take. */
async function create(session: Session): Promise<string> {
  const place = `${prefix}${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`
  const rows = await session.query<{ charset: string; collation: string }>(
    'select @@character_set_database as charset, @@collation_database as collation',
  )
  const like = rows[0] ? ` character set ${rows[0].charset} collate ${rows[0].collation}` : ''
  try {
    await session.simple(`create database ${quote(place)}${like}`)
  } catch (cause) {
    throw await unavailable(session, cause)
  }
  return place
}

async function unavailable(session: Session, cause: unknown): Promise<AludelError> {
  const rows = await session.query<{ user: string }>('select current_user() as user')
  const [user = '', host = '%'] = (rows[0]?.user ?? '').split(/@(?=[^@]*$)/)
  const places = quote(`${prefix}%`.replaceAll('_', '\\_'))
  const grant = `grant all privileges on ${places}.* to ${literal(user)}@${literal(host)}`
  const said = cause instanceof Error ? cause.message : String(cause)
  return new AludelError(
    'SCRATCH_UNAVAILABLE',
    `No scratch database could be created beside the project's: ${said}.`,
    {
      state: 'Nothing was changed.',
      fix: `Grant the right (${grant}), or set \`scratchUrl\` to a database on a server where it may be done.`,
      details: { grant },
      cause,
    },
  )
}

/** A session that was lost has a successor. What cannot be dropped now is dropped by a later run. */
async function drop(name: Name, url: string, session: Session, place: string): Promise<void> {
  const sql = `drop database if exists ${quote(place)}`
  const ignore = (): undefined => undefined
  if (!session.closed) return session.simple(sql).catch(ignore)
  const other = await connect(name, url).catch(ignore)
  await other?.simple(sql).catch(ignore)
  await other?.close()
}

async function dropLeftovers(session: Session): Promise<void> {
  const rows = await session.query<{ name: string }>(
    'select schema_name as name from information_schema.schemata where schema_name like ?',
    [`${prefix.replaceAll('_', '\\_')}%`],
  )
  const old = rows.filter(({ name }) => {
    const time = /^aludel_scratch_([0-9a-z]+)_[0-9a-f]+$/.exec(name)?.[1]
    return time !== undefined && Number.parseInt(time, 36) < Date.now() - hour
  })
  for (const { name } of old) {
    // Another run may be at the same, or the leftover another user's.
    await session.simple(`drop database if exists ${quote(name)}`).catch(() => undefined)
  }
}
