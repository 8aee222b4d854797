import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { dialectTable } from './test/support/reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/bundle.ts', 'test/support/servers.ts'],
    reporters: ['default', dialectTable()],
    // Most tests wait for a server or a child process: as many workers as cores would leave the cores idle.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
