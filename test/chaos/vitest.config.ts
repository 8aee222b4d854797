import path from 'node:path'
import { defineConfig } from 'vitest/config'

/** Long rounds, one database after the other, their lines printed as they come: `make chaos`. */
export default defineConfig({
  root: path.join(import.meta.dirname, '..', '..'),
  test: {
    include: ['test/chaos/chaos.ts'],
    globalSetup: ['test/support/bundle.ts', 'test/support/servers.ts'],
    disableConsoleIntercept: true,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
})
