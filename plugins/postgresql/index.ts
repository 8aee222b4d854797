/** PostgreSQL 12 and later. */
import { definePlugin } from '../../src/dialect.ts'
import { compile, reads } from './compile.ts'
import { connect } from './connect.ts'
import { codeOf } from './errors.ts'
import { literal, quote } from './literal.ts'
import { reflect } from './reflect.ts'
import { scratch } from './scratch.ts'
import { step } from './step.ts'

export default definePlugin({
  name: 'postgresql',
  schemes: ['postgresql', 'postgres'],
  capabilities: { transactionalDdl: true, comments: true, forwardReferences: false, altersConstraints: true, largeText: 'text' },
  connect,
  step,
  reflect,
  reads,
  compile,
  entities: async (source) => (await import('../mikro-orm/entities.ts')).readEntities('postgresql', source),
  scratch,
  quote,
  literal,
  placeholder: (index) => `$${index}`,
  isMissingTable: (error) => ['42P01', '3F000'].includes(codeOf(error) ?? ''),
  isDuplicateKey: (error) => codeOf(error) === '23505',
  kysely: async (session) => (await import('../kysely.ts')).kyselyOn(session, 'postgresql'),
})
