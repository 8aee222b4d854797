import type { Caller } from '../../src/commands/project.ts'
import { unguarded } from './unguarded.ts'

let clock = 0

/** Who calls a command's function where it is not looked at: every time is a second later, and nobody is told or asked. */
export const caller: Caller = {
  now: () => new Date(Date.UTC(2026, 0, 1) + clock++ * 1000),
  actor: 'test',
  version: 'test',
  guard: unguarded,
  at: () => {},
  onEvent: () => undefined,
}
