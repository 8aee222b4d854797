import { defineConfig } from 'vitest/config'
import { dialectTable } from './test/support/reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/servers.ts'],
    reporters: ['default', dialectTable()],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
