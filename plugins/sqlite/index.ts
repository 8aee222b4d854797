/** SQLite through better-sqlite3. What every command needs is imported here, the rest where it is called. */
import { definePlugin } from '../../src/dialect.ts'
import { connect, openMemory } from './connect.ts'
import { isDuplicateKey, isMissingTable } from './errors.ts'
import { literal, quote } from './literal.ts'
import { reads } from './reads.ts'

export default definePlugin({
  name: 'sqlite',
  schemes: ['sqlite', 'file'],
  capabilities: {
    // One step after the other writes to a file; only `vacuum` has no place in a transaction.
    outsideTransaction: false,
    transactionalDdl: true,
    caseless: 'all',
    retypesKeys: 'any',
    forwardReferences: true,
    views: true,
    triggers: true,
    largeText: 'text',
    keepsMisfits: true,
  },
  connect,
  step: async (connectAgain, lock, work) => {
    const { step } = await import('./step.ts')
    return step(connectAgain, lock, work)
  },
  holder: async (session) => {
    const { holder } = await import('./step.ts')
    return holder(session)
  },
  reflect: async (session, filter) => {
    const { reflect } = await import('./reflect.ts')
    return reflect(session, filter)
  },
  reads,
  compile: async (operations, before) => {
    const { compile } = await import('./compile.ts')
    return compile(operations, before)
  },
  entities: async (source) => {
    const { readEntities } = await import('../mikro-orm/entities.ts')
    return readEntities('sqlite', source)
  },
  scratch: async (_url, work) => {
    const session = await openMemory()
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  },
  historyPlace: async (_servers, work) => {
    const { historyPlace } = await import('./history-place.ts')
    return historyPlace(work)
  },
  quote,
  literal,
  placeholder: () => '?',
  rollsBack: () => true,
  effect: async () => undefined,
  // The file has one lock for all, which the step holds.
  isLockTimeout: () => false,
  blockers: async () => [],
  isMissingTable,
  isDuplicateKey,
  // No server is waited for, and for a lock statements wait by themselves.
  isTransient: () => false,
  kysely: async (session) => {
    const { kyselyOn } = await import('../kysely.ts')
    return kyselyOn(session, 'sqlite')
  },
  draft: async () => {
    const { draft } = await import('./compile.ts')
    return draft()
  },
  scripting: async () => {
    const { scripting } = await import('./scripting.ts')
    return scripting
  },
  adoption: async () => (await import('./adoption.ts')).adoption,
})
