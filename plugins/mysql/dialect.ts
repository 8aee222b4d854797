/** MySQL and MariaDB: one dialect with two names. */
import { definePlugin, type Dialect } from '../../src/dialect.ts'
import { blockers } from './blockers.ts'
import { connect } from './connect.ts'
import { effect, rollsBack } from './effect.ts'
import { isNumbered, isTransient, missingTable } from './errors.ts'
import { literal, quote } from './literal.ts'
import { holder } from './lock.ts'
import type { Name } from './name.ts'
import { looksAt, reads } from './reads.ts'
import { reflect } from './reflect.ts'
import { scratch } from './scratch.ts'
import { step } from './step.ts'

const schemes: Record<Name, readonly string[]> = { mysql: ['mysql', 'mysql2'], mariadb: ['mariadb'] }

/** ER_LOCK_WAIT_TIMEOUT, ER_DUP_ENTRY. */
const lockWaitTimeout = 1205
const duplicateKey = 1062

export function mysqlDialect(name: Name): Dialect {
  return definePlugin({
    name,
    schemes: schemes[name],
    capabilities: {
      transactionalDdl: false,
      outsideTransaction: true,
      // Of tables it depends on the server's file system.
      caseless: 'columns',
      retypesKeys: 'none',
      exactTexts: 'default character set utf8mb4 collate utf8mb4_bin',
      forwardReferences: false,
      views: true,
      triggers: true,
      largeText: 'longtext',
      lenient: true,
    },
    connect: (url, options) => connect(name, url, options),
    step,
    holder,
    reflect: (session, filter) => reflect(name, session, filter),
    reads,
    looksAt,
    compile: async (operations, before) => {
      // A run with nothing to do is spared all that there is to know of operations.
      const { compile } = await import('./compile.ts')
      return compile(name, operations, before)
    },
    entities: async (source) => {
      const { readEntities } = await import('../mikro-orm/entities.ts')
      return readEntities(name, source)
    },
    scratch: (url, work, options) => scratch(name, { url, ...options }, work),
    historyPlace: async (servers, work, options) => {
      const { historyPlace } = await import('./history-place.ts')
      return historyPlace(name, { ...servers, ...options }, work)
    },
    quote,
    literal,
    placeholder: () => '?',
    rollsBack,
    effect,
    isLockTimeout: (error) => isNumbered(error, lockWaitTimeout),
    blockers,
    isMissingTable: (error) => isNumbered(error, missingTable),
    isDuplicateKey: (error) => isNumbered(error, duplicateKey),
    isTransient,
    kysely: async (session) => {
      const { kyselyOn } = await import('../kysely.ts')
      return kyselyOn(session, 'mysql')
    },
    scripting: async () => {
      const { scripting } = await import('./scripting.ts')
      return scripting(name)
    },
    adoption: async () => (await import('./adoption.ts')).adoptionFor(name),
  })
}
