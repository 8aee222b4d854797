/** PostgreSQL 12 and later. What a run with nothing to do does not need is loaded when it is called. */
import { definePlugin } from '../../src/dialect.ts'
import { blockers } from './blockers.ts'
import { connect } from './connect.ts'
import { effect, rollsBack } from './effect.ts'
import { codeOf, isTransient } from './errors.ts'
import { literal, quote } from './literal.ts'
import { announce, holder } from './lock.ts'
import { looksAt, reads } from './reads.ts'
import { step } from './step.ts'

export default definePlugin({
  name: 'postgresql',
  schemes: ['postgresql', 'postgres'],
  capabilities: {
    transactionalDdl: true,
    outsideTransaction: true,
    caseless: 'none',
    retypesKeys: 'alike',
    typedExpressions: true,
    forwardReferences: false,
    nativeEnums: true,
    views: true,
    materializedViews: true,
    triggers: true,
    largeText: 'text',
    schemas: true,
  },
  connect,
  step: async (connectAgain, lock, work) =>
    lock.mode === 'no-transaction'
      ? (await import('./step-outside.ts')).stepOutside(connectAgain, lock, work)
      : step(connectAgain, lock, work),
  holder,
  announce,
  reflect: async (session, filter) => (await import('./reflect.ts')).reflect(session, filter),
  reads,
  looksAt,
  compile: async (operations, before, options) =>
    (await import('./compile.ts')).compile(operations, before, options),
  entities: async (source) => (await import('../mikro-orm/entities.ts')).readEntities('postgresql', source),
  foresee: async (create) => (await import('./foresee.ts')).foresee(create),
  scratch: async (url, work, options) =>
    (await import('./without-server.ts')).scratchAnywhere(url, work, options),
  historyPlace: async (servers, work, options) =>
    (await import('./history-place.ts')).historyPlace({ ...servers, ...options }, work),
  quote,
  literal,
  placeholder: (index) => `$${index}`,
  rollsBack,
  effect,
  // lock_not_available; deadlock_detected, after which the same attempt may go through.
  isLockTimeout: (error) => ['55P03', '40P01'].includes(codeOf(error) ?? ''),
  blockers,
  isMissingTable: (error) => ['42P01', '3F000'].includes(codeOf(error) ?? ''),
  isDuplicateKey: (error) => codeOf(error) === '23505',
  isTransient,
  kysely: async (session) => (await import('../kysely.ts')).kyselyOn(session, 'postgresql'),
  scripting: async () => (await import('./scripting.ts')).scripting,
  adoption: async () => {
    const [{ adoptionFor }, { scratch }] = await Promise.all([
      import('./adoption.ts'),
      import('./scratch.ts'),
    ])
    return adoptionFor({ name: 'postgresql', connect, scratch })
  },
})
