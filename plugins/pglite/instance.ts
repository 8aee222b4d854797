/** The databases that this process has open. PGlite has one connection; all sessions of the process share it. */
import type { LockHolder, LockWork } from '../../src/dialect.ts'
import { type Engine, loadEngine } from './engine.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { isNew, openFolder } from './folder.ts'
import { Turns } from './turns.ts'
import type { Place } from './url.ts'

/** One that has its turn. */
export interface User {
  /** Why it keeps it between its statements, where it does so beyond a transaction. */
  readonly holding?: { readonly since: string; readonly work?: LockWork } | undefined
  readonly application: string
}

export class Instance {
  readonly turns = new Turns<User>()
  readonly #engine: Engine
  readonly #lock: FolderLock | undefined
  readonly #ended = Promise.withResolvers<void>()
  #users = 0
  #isBroken = false

  constructor(engine: Engine, lock: FolderLock | undefined) {
    this.#engine = engine
    this.#lock = lock
  }

  /** Nobody can use it any more. */
  get closed(): boolean {
    return this.#isBroken || this.#users === 0
  }

  /** Settles when another may open the same folder. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** Called before any other use. */
  join(): this {
    this.#users += 1
    return this
  }

  /** The last one closes the database. */
  async leave(): Promise<void> {
    this.#users -= 1
    if (this.#users > 0 || this.#isBroken) return
    try {
      await this.#engine.close()
    } finally {
      this.#end()
    }
  }

  /** Runs messages of the wire protocol, one call after the other. */
  async answer(messages: Buffer): Promise<Buffer> {
    // One that has ended would look for its next message for ever.
    if (this.#isBroken) throw new Error('PGlite has ended')
    const parts: Buffer[] = []
    try {
      // The memory that they are in is used again.
      await this.#engine.execProtocolRawStream(messages, {
        onRawData: (data) => parts.push(Buffer.from(data)),
      })
    } catch (error) {
      // The server's process is gone. What was committed is in the folder.
      this.#isBroken = true
      this.#end()
      throw new Error(`PGlite ended: ${messageOf(error)}`, { cause: error })
    }
    return Buffer.concat(parts)
  }

  /** Who keeps the others waiting. */
  holder(): LockHolder | undefined {
    const user = this.turns.holder
    if (user === undefined) return undefined
    const { application, holding } = user
    return {
      pid: process.pid,
      application,
      ...(holding ? { since: holding.since, ...holding.work } : {}),
      advice: 'It is in the same process, which ends it.',
    }
  }

  #end(): void {
    this.#lock?.release()
    this.#ended.resolve()
  }
}

const opened = new Map<string, Promise<Instance>>()

export interface Patience {
  /** Milliseconds to wait for a folder that another process uses. */
  readonly wait: number
  /** False: what is not there is read as an empty database, and not made. */
  readonly create: boolean
}

/** @throws {AludelError} PGLITE_MISSING, LOCK_NOT_OBTAINED, DATABASE_UNREACHABLE */
export async function join(place: Place, { wait, create }: Patience): Promise<Instance> {
  if (!create && place.folder !== undefined && isNew(place.folder)) return (await openMemory()).join()
  const key = JSON.stringify(place)
  for (;;) {
    const found = opened.get(key)
    const opening = found ?? open(place, wait)
    opened.set(key, opening)
    try {
      const instance = await opening
      // A new one has no users yet.
      if (!found || !instance.closed) return instance.join()
      await instance.ended
    } catch (error) {
      if (opened.get(key) === opening) opened.delete(key)
      throw error
    }
    if (opened.get(key) === opening) opened.delete(key)
  }
}

/** Nobody else's. */
export async function openMemory(): Promise<Instance> {
  const openEngine = await loadEngine(undefined)
  return new Instance(await openEngine({}), undefined)
}

async function open({ folder, database }: Place, wait: number): Promise<Instance> {
  if (folder === undefined) return openMemory()
  const openEngine = await loadEngine(folder)
  const lock = await lockFolder(folder, wait)
  try {
    return new Instance(await openFolder(openEngine, { folder, database }), lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** What WebAssembly ends with is no Error. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error)
}
