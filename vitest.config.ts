import { defineConfig } from 'vitest/config'
import { dialectTable } from './test/support/reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/bundle.ts', 'test/support/servers.ts'],
    reporters: ['default', dialectTable()],
    // Most tests wait for a server or a child process; one core less than there are would leave one idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
