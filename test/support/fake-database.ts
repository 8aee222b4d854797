/**
 * A database in memory, as far as a runner can tell: transactions, a lock that lives as long as its session, a ledger with a unique key.
 * Every step that a runner takes over its network is one call, between which others run; at one of them the runner may die, or lose its
 * connection. Statements are `insert x`, `delete x` (of data), `create x`, `drop x` (of the schema).
 */
import { setImmediate } from 'node:timers/promises'
import type { Ledger } from '../../src/database/ledger.ts'
import type { Position } from '../../src/database/position.ts'
import type { JournalEntry } from '../../src/database/rows.ts'
import { start } from '../../src/database/position.ts'
import type { Connect, Dialect, Session } from '../../src/dialect.ts'
import sqlite from '../../plugins/sqlite/index.ts'

export interface FakeOptions {
  /** DDL rolls back with its transaction. */
  readonly transactionalDdl: boolean
  /** Lets another runner go on; called before each call. */
  readonly turn: (what: string) => Promise<unknown>
  /** `broken`: everybody gets it, as behind a pooler that exchanges sessions. */
  readonly lock: 'held' | 'broken'
}

interface Row {
  readonly entry: JournalEntry
  readonly position: Position
}

interface Content {
  /** Revision, and the run that wrote it. */
  readonly applied: ReadonlyMap<string, string>
  readonly journal: ReadonlyMap<string, Row>
  /** As often as they were inserted. */
  readonly data: readonly string[]
  readonly schema: readonly string[]
}

type Change = (content: Content) => Content

/** What happens to a runner at its n-th call, from 1: before the database has done what it asks for, or after. */
export interface Accident {
  readonly kind: 'dies' | 'loses its connection'
  readonly call: number
  readonly when: 'before' | 'after'
}

export interface FakeRunner {
  readonly dialect: Dialect
  readonly ledger: Ledger
  readonly connect: Connect
  /** Settles when it is dead. */
  readonly died: Promise<'died'>
  die(): void
  /** How many calls it has made. */
  readonly calls: () => number
}

export interface FakeDatabase {
  readonly content: () => Content
  runner(accident?: Accident): FakeRunner
}

export function fakeDatabase({ transactionalDdl, turn, lock }: FakeOptions): FakeDatabase {
  let committed: Content = { applied: new Map(), journal: new Map(), data: [], schema: [] }
  let holder: FakeSession | undefined

  class FakeSession implements Session {
    closed = false
    changes: Change[] | undefined
    savepoint = false
    readonly call: Call
    constructor(call: Call) {
      this.call = call
    }
    /** What the server does when a connection ends. */
    end(): void {
      this.closed = true
      this.changes = undefined
      if (holder === this) holder = undefined
    }
    see(): Content {
      return (this.changes ?? []).reduce((content, change) => change(content), committed)
    }
    change(change: Change): void {
      change(this.see())
      if (this.changes) this.changes.push(change)
      else committed = change(committed)
    }
    commit(): void {
      const { changes = [] } = this
      this.changes = undefined
      committed = changes.reduce((content, change) => change(content), committed)
    }
    async query<T>(text: string): Promise<readonly T[]> {
      await this.simple(text)
      return []
    }
    simple(text: string): Promise<void> {
      return this.call(this, text, () => this.carryOut(text))
    }
    carryOut(text: string): void {
      const [verb = '', name = ''] = text.split(' ')
      if (isDdl(text) && !transactionalDdl && this.changes) throw new Error(`${text} would commit`)
      const words: Readonly<Record<string, () => void>> = {
        insert: () => this.change((content) => ({ ...content, data: [...content.data, name] })),
        delete: () =>
          this.change((content) => ({ ...content, data: content.data.filter((each) => each !== name) })),
        create: () => this.change((content) => ({ ...content, schema: added(content.schema, name) })),
        drop: () => this.change((content) => ({ ...content, schema: removed(content.schema, name) })),
        start: () => (this.changes = []),
        savepoint: () => (this.savepoint = true),
        release: () => (this.savepoint = false),
        commit: () => this.commit(),
        rollback: () => (this.changes = text.includes('to savepoint') && this.changes ? [] : undefined),
      }
      const run = words[verb]
      if (!run) throw new Error(`no such statement: ${text}`)
      run()
    }
    async cancel(): Promise<void> {}
    ref(): void {}
    unref(): void {}
    async close(): Promise<void> {
      this.end()
    }
  }

  type Call = <T>(session: FakeSession | undefined, what: string, effect: () => T) => Promise<T>

  function runner(accident?: Accident): FakeRunner {
    const { promise: died, resolve } = Promise.withResolvers<'died'>()
    const sessions: FakeSession[] = []
    let [dead, calls] = [false, 0]
    const die = (): void => {
      dead = true
      for (const session of sessions) session.end()
      resolve('died')
    }
    /** Who is dead does nothing any more. */
    const alive = (): Promise<void> => (dead ? new Promise(() => {}) : Promise.resolve())
    const call: Call = async (session, what, effect) => {
      await alive()
      await turn(what)
      await alive()
      calls += 1
      const happens = accident?.call === calls ? accident : undefined
      if (session?.closed) throw new Error('connection lost')
      if (happens?.when === 'before') await befall(happens, session)
      const result = effect()
      if (happens) await befall(happens, session)
      return result
    }
    const befall = async ({ kind }: Accident, session: FakeSession | undefined): Promise<void> => {
      if (kind === 'dies') die()
      await alive()
      session?.end()
      throw new Error('connection lost')
    }
    const connect = async (): Promise<FakeSession> => {
      const open = sessions.find(({ closed }) => !closed)
      return (
        open ??
        call(undefined, 'connect', () => {
          const session = new FakeSession(call)
          sessions.push(session)
          return session
        })
      )
    }
    const tryLock = (session: FakeSession): boolean => {
      if (lock === 'held' && holder && holder !== session) return false
      holder = session
      if (transactionalDdl) session.changes = []
      return true
    }
    const unlock = (session: FakeSession): void => {
      if (transactionalDdl) session.commit()
      if (holder === session) holder = undefined
    }
    const step: Dialect['step'] = async (_, request, work) => {
      let session = await connect()
      while (!(await call(session, 'lock', () => tryLock(session)))) {
        await session.close()
        request.onWait?.(undefined)
        await setImmediate()
        session = await connect()
      }
      try {
        const result = await work(session)
        await call(session, 'unlock', () => unlock(session))
        return result
      } catch (error) {
        // Also ends what it has open; a real one rolls back and releases.
        session.end()
        throw error
      }
    }
    const dialect: Dialect = {
      ...sqlite,
      name: 'fake',
      capabilities: { ...sqlite.capabilities, transactionalDdl, outsideTransaction: false },
      step,
      reads: () => [],
      compile: async (operations) =>
        operations.map((operation) => (operation.kind === 'execute' ? [{ sql: operation.sql }] : [])),
      rollsBack: (text) => transactionalDdl || !isDdl(text),
      effect: (session, text) =>
        isDdl(text)
          ? call(own(session), 'effect', () =>
              String(
                own(session)
                  .see()
                  .schema.includes(text.split(' ')[1] ?? ''),
              ),
            )
          : Promise.resolve(undefined),
      isLockTimeout: () => false,
      blockers: async () => [],
    }
    /** The session below those that were put around it. */
    const own = (_: Session): FakeSession => {
      const session = sessions.findLast(({ closed }) => !closed) ?? sessions.at(-1)
      if (!session) throw new Error('not connected')
      return session
    }
    return { dialect, ledger: fakeLedger(own, call), connect, died, die, calls: () => calls }
  }

  function fakeLedger(own: (session: Session) => FakeSession, call: Call): Ledger {
    const change = (session: Session, what: string, change: Change): Promise<void> =>
      call(own(session), what, () => own(session).change(change))
    const see = <T>(session: Session, what: string, read: (content: Content) => T): Promise<T> =>
      call(own(session), what, () => read(own(session).see()))
    const put =
      (id: string, row: (old: Row | undefined) => Row | undefined): Change =>
      (content) => {
        const made = row(content.journal.get(id))
        return made ? { ...content, journal: new Map([...content.journal, [id, made]]) } : content
      }
    const without =
      (id: string, runId?: string): Change =>
      (content) => {
        if (runId !== undefined && content.applied.get(id) !== runId) return content
        return { ...content, applied: new Map([...content.applied].filter(([each]) => each !== id)) }
      }
    const isOpen = ({ entry }: Row): boolean => entry.outcome === 'running' || entry.outcome === 'halfDone'
    return {
      names: { revisionTable: 'revision', journalTable: 'journal' },
      revisions: 'revision',
      journal: 'journal',
      read: (session) =>
        see(session, 'read', ({ applied }) => ({
          exists: true,
          applied: new Map(
            [...applied.keys()].map((id) => [
              id,
              { revision: id, checksum: '', extension: '.ts', downRevision: [] },
            ]),
          ),
        })),
      create: async () => {},
      add: (session, { revision, runId }) =>
        change(session, 'add', (content) => {
          if (content.applied.has(revision)) throw new Error(`duplicate key ${revision}`)
          return { ...content, applied: new Map([...content.applied, [revision, runId]]) }
        }),
      complete: async () => {},
      accept: async () => {},
      remove: (session, revision) => change(session, 'remove', without(revision)),
      find: (session, revision) =>
        see(session, 'find', ({ applied }) => {
          const runId = applied.get(revision)
          return runId === undefined ? undefined : { revision, run_id: runId }
        }),
      take: async (session, revision) => {
        const row = await see(session, 'take', ({ applied }) => applied.get(revision))
        await change(session, 'remove', without(revision))
        return row === undefined ? undefined : { revision, run_id: row }
      },
      putBack: async () => {},
      withdraw: (session, revision, runId) => change(session, 'withdraw', without(revision, runId)),
      purge: async () => {},
      write: (session, entry) =>
        change(
          session,
          'write',
          put(entry.entry, () => ({ entry, position: start })),
        ),
      entries: async () => [],
      end: (session, entry) =>
        change(
          session,
          'end',
          put(entry.entry, (old) => (old && isOpen(old) ? { ...old, entry } : undefined)),
        ),
      open: (session) => see(session, 'open', ({ journal }) => [...journal.values()].filter(isOpen)),
      advance: (session, id, position) =>
        change(
          session,
          'advance',
          put(id, (old) =>
            old && isOpen(old) ? { ...old, position: { ...shapeOf(old), ...position } } : undefined,
          ),
        ),
      closeOpen: (session, revision) =>
        change(session, 'closeOpen', (content) => ({
          ...content,
          journal: new Map(
            [...content.journal].map(([id, row]) => [
              id,
              isOpen(row) && row.entry.revision === revision
                ? { ...row, entry: { ...row.entry, outcome: 'failed' as const } }
                : row,
            ]),
          ),
        })),
      isDone: (session, runId, revision) =>
        see(session, 'isDone', ({ journal }) =>
          [...journal.values()].some(
            ({ entry }) => entry.runId === runId && entry.revision === revision && entry.outcome === 'done',
          ),
        ),
    }
  }

  return { content: () => committed, runner }
}

function shapeOf({ position: { shape } }: Row): Pick<Position, 'shape'> {
  return shape === undefined ? {} : { shape }
}

function isDdl(text: string): boolean {
  return /^(?:create|drop) /.test(text)
}

function added(names: readonly string[], name: string): readonly string[] {
  if (names.includes(name)) throw new Error(`${name} exists already`)
  return [...names, name]
}

function removed(names: readonly string[], name: string): readonly string[] {
  if (!names.includes(name)) throw new Error(`there is no ${name}`)
  return names.filter((each) => each !== name)
}
