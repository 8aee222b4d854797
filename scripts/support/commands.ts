/** The commands by name; `help` stands apart, as it tells about these. */
import type { Command } from './command.ts'

/** Each is loaded only when it is called. */
export const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  init: () => import('../init.ts'),
  revision: () => import('../revision.ts'),
  merge: () => import('../merge.ts'),
  upgrade: () => import('../upgrade.ts'),
  downgrade: () => import('../downgrade.ts'),
  current: () => import('../current.ts'),
  history: () => import('../history.ts'),
  heads: () => import('../heads.ts'),
  branches: () => import('../branches.ts'),
  show: () => import('../show.ts'),
  edit: () => import('../edit.ts'),
  log: () => import('../log.ts'),
  lock: () => import('../lock.ts'),
  stamp: () => import('../stamp.ts'),
  repair: () => import('../repair.ts'),
  accept: () => import('../accept.ts'),
  check: () => import('../check.ts'),
  adopt: () => import('../adopt.ts'),
  'ensure-version': () => import('../ensure-version.ts'),
}
