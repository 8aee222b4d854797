/** Connects, and goes on trying where waiting can help: the server starts, is full, or is not there yet. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Settings } from '../config.ts'
import { type ConnectOptions, type Dialect, type LockRequest, lockNotObtained } from '../dialect.ts'
import { AludelError } from '../errors.ts'

/**
 * Tries until it works, an error comes that no waiting mends, or `connectTimeout` is over; 0 means one attempt.
 * @param attempt is given how long it may take at the most
 * @throws {AludelError} of the last attempt, with how often and how long it was tried; whatever else `attempt` throws
 */
export async function persistently<T>(
  { isTransient }: Pick<Dialect, 'isTransient'>,
  { connectTimeout, onRetry }: Pick<Settings, 'connectTimeout' | 'onRetry'>,
  attempt: (options: Pick<ConnectOptions, 'timeout'>) => Promise<T>,
): Promise<T> {
  const start = performance.now()
  const left = (): number => connectTimeout - (performance.now() - start)
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(connectTimeout === 0 ? {} : { timeout: Math.ceil(left()) })
    } catch (error) {
      if (!isTransient(error)) throw error
      const wait = Math.min(delay(tries), left() - lastAttempt(connectTimeout))
      if (wait <= 0) throw givenUp(error, tries, performance.now() - start)
      const reason = error instanceof Error ? error.message : String(error)
      onRetry?.({ kind: 'retry', reason, tries, wait, left: left() })
      await pause(wait)
    }
  }
}

/**
 * Does what needs no lock. Where a pooler throws the session out because it has no connection to the server free, a new one is
 * waited for as long as the lock would be: the runner that has the lock may have the only connection.
 * @throws {AludelError} LOCK_NOT_OBTAINED; whatever else `work` throws
 */
export async function outsideLock<T>(
  { isTransient }: Pick<Dialect, 'isTransient'>,
  lock: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const end = performance.now() + lock.wait
  for (;;) {
    try {
      return await work()
    } catch (error) {
      // What is aludel's own has been waited for already.
      if (error instanceof AludelError || !isTransient(error)) throw error
      if (performance.now() > end) throw lockNotObtained(lock, undefined, error)
      await pause(delay(1))
    }
  }
}

/** 0.5 s at first, 5 s at most, and a quarter more or less so that replicas part. */
function delay(tries: number): number {
  return Math.min(5000, 500 * 2 ** (tries - 1)) * (0.75 + Math.random() / 2)
}

/** What is kept for it: an attempt that has no time left cannot succeed. */
function lastAttempt(limit: number): number {
  return Math.min(1000, limit / 4)
}

function givenUp(error: unknown, tries: number, waited: number): unknown {
  if (!(error instanceof AludelError)) return error
  const { code, message, state, fix, details, cause } = error
  const often = tries === 1 ? 'once' : `${tries} times in ${Math.round(waited / 1000)} s`
  return new AludelError(code, `${message} It was tried ${often}.`, {
    ...(state === undefined ? {} : { state }),
    fix: `${fix === undefined ? '' : `${fix} `}--connect-timeout waits longer.`,
    details: { ...details, tries, waited: Math.round(waited) },
    cause,
  })
}
