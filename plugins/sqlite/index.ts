/** SQLite through better-sqlite3. */
import { definePlugin } from '../../src/dialect.ts'
import { compile } from './compile.ts'
import { connect, openMemory } from './connect.ts'
import { isDuplicateKey, isMissingTable } from './errors.ts'
import { literal, quote } from './literal.ts'
import { reads } from './reads.ts'
import { reflect } from './reflect.ts'
import { step } from './step.ts'

export default definePlugin({
  name: 'sqlite',
  schemes: ['sqlite', 'file'],
  capabilities: {
    transactionalDdl: true,
    comments: false,
    forwardReferences: true,
    altersConstraints: false,
    largeText: 'text',
  },
  connect,
  step,
  reflect,
  reads,
  compile,
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
  quote,
  literal,
  placeholder: () => '?',
  isMissingTable,
  isDuplicateKey,
  kysely: async (session) => {
    const { kyselyOn } = await import('../kysely.ts')
    return kyselyOn(session, 'sqlite')
  },
})
