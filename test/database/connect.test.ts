import { expect, test } from 'vitest'
import postgresql from '../../plugins/postgresql/index.ts'
import type { ConnectRetry } from '../../src/config.ts'
import { persistently } from '../../src/database/connect.ts'
import { AludelError } from '../../src/errors.ts'

/** Nothing listens there. */
const url = 'postgresql://u@127.0.0.1:1/d'

async function tries(connectTimeout: number) {
  const [retries, timeouts]: [ConnectRetry[], (number | undefined)[]] = [[], []]
  const onRetry = (retry: ConnectRetry) => void retries.push(retry)
  const start = performance.now()
  const error = await persistently(postgresql, { connectTimeout, onRetry }, (options) => {
    timeouts.push(options.timeout)
    return postgresql.connect(url, options)
  }).catch((reason: unknown) => reason)
  if (!(error instanceof AludelError)) throw error
  return { error, retries, timeouts, ms: performance.now() - start }
}

test('each attempt has what is left of the time, each pause is told before it, and the end says how often it was', async () => {
  const { error, retries, timeouts, ms } = await tries(2500)
  expect(ms).toBeGreaterThan(1200)
  expect(ms).toBeLessThan(2800)
  expect(retries.map((retry) => retry.tries)).toEqual(retries.map((_, at) => at + 1))
  expect(timeouts).toEqual(timeouts.toSorted((a = 0, b = 0) => b - a))
  // An attempt that could not last would be none.
  for (const timeout of timeouts) expect(timeout).toBeGreaterThan(500)
  for (const { reason, wait, left } of retries) {
    expect(reason).toContain('ECONNREFUSED')
    expect(wait).toBeLessThan(left)
  }
  expect(error.details).toMatchObject({ tries: retries.length + 1, reason: 'ECONNREFUSED' })
  expect(error.message).toContain(`It was tried ${retries.length + 1} times in `)
})

test('no time is one attempt, with the time that the driver takes by itself', async () => {
  const { error, retries, timeouts } = await tries(0)
  expect([retries, timeouts]).toEqual([[], [undefined]])
  expect(error.message).toMatch(/ It was tried once\.$/)
})

test('what no waiting mends is thrown as it is', async () => {
  const error = new AludelError('AUTHENTICATION', 'No.')
  const settings = { connectTimeout: 5000, onRetry: () => expect.unreachable() }
  await expect(persistently(postgresql, settings, () => Promise.reject(error))).rejects.toBe(error)
})
