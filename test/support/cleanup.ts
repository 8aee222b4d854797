import { onTestFinished, TestRunner } from 'vitest'

/** It runs `work` when the test that calls it is over, also when it failed. Outside a test, in a hook, the caller sees to it. */
export function afterTest(work: () => void | Promise<void>): void {
  if (TestRunner.getCurrentTest()) onTestFinished(work)
}
