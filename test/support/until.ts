import { setTimeout as pause } from 'node:timers/promises'

/** It waits until something holds; the test's own limit ends it. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50)
}
