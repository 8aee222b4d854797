import path from 'node:path'

const repository = path.join(import.meta.dirname, '..', '..')

/** aludel as a project has it installed, made before the tests (test/support/bundle.ts). */
export const packed = path.join(repository, 'node_modules/.cache/aludel')

/** What tests run when they run `aludel`. */
export const program = path.join(packed, 'dist/aludel.js')

/** The same before it is bundled. */
export const fromSources = path.join(repository, 'scripts/aludel.ts')

/** Where the JavaScript of both, and of revisions, is kept compiled; without it every start costs more. */
export const compiled = path.join(repository, 'node_modules/.cache/node')
