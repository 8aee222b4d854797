/** PostgreSQL inside of the process, by PGlite 0.5. What it is asked is what PostgreSQL is asked; how it is reached and shared is its own. */
import { definePlugin } from '../../src/dialect.ts'
import postgresql from '../postgresql/index.ts'
import { announce, holder, step } from './step.ts'

// No client runs scripts on it.
const { scripting: _, ...shared } = postgresql

export default definePlugin({
  ...shared,
  name: 'pglite',
  schemes: ['pglite'],
  connect: async (url, options) => (await import('./connect.ts')).connect(url, options),
  step,
  holder,
  announce,
  entities: async (source) => (await import('../mikro-orm/entities.ts')).readEntities('pglite', source),
  foresee: async (create) => (await import('../postgresql/foresee.ts')).foresee(create),
  scratch: async (url, work, options) => {
    const { scratch, scratchInside } = await import('./scratch.ts')
    return url === undefined ? scratch(work) : scratchInside(url, work, options)
  },
  historyPlace: async (_servers, work) => (await import('./history-place.ts')).historyPlace(work),
  adoption: async () => {
    const { adoptionFor } = await import('../postgresql/adoption.ts')
    const [{ connect }, { scratchInside }] = await Promise.all([
      import('./connect.ts'),
      import('./scratch.ts'),
    ])
    return adoptionFor({ name: 'pglite', connect, scratch: scratchInside })
  },
  // Nobody else is in the database.
  blockers: async () => [],
})
