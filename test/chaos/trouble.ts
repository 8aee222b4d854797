/** What happens to one runner. */
import type { StopPoint } from '../../src/database/stop.ts'
import type { Random } from './random.ts'

export type Trouble =
  | { readonly kind: 'none' }
  /** Milliseconds after its start. */
  | { readonly kind: 'kill'; readonly after: number }
  | {
      readonly kind: 'stop'
      readonly point: StopPoint
      readonly time: number
      /** Milliseconds for which it stands still. */
      readonly hold: number
      readonly end: 'SIGKILL' | 'SIGCONT'
    }
  | { readonly kind: 'pause'; readonly after: number }
  /** The server ends the session that has the lock, whosever it is. */
  | { readonly kind: 'terminate'; readonly after: number }
  /** Its connection is cut when the n-th COMMIT was sent. */
  | { readonly kind: 'drop'; readonly time: number }

const perRun: readonly [StopPoint, ...StopPoint[]] = ['before-connect', 'after-connect', 'before-exit']
const perStep: readonly [StopPoint, ...StopPoint[]] = [
  'before-lock',
  'in-lock',
  'after-claim',
  'after-ddl',
  'after-version',
  'after-commit',
]

/** @param hasServer sessions can be ended, and connections cut */
export function choose(random: Random, options: { readonly hasServer: boolean }): Trouble {
  const chance = random.below(100)
  const after = 150 + random.below(1200)
  if (chance < 32) return { kind: 'kill', after }
  if (chance < 40) return { ...stop(random), point: random.pick(perRun), time: 1 }
  if (chance < 60) return { ...stop(random), point: random.pick(perStep), time: 1 + random.below(3) }
  if (chance < 78) return { ...stop(random), point: 'mid-step', time: 1 + random.below(12) }
  if (chance < 82) return { kind: 'pause', after }
  if (!options.hasServer) return { kind: 'kill', after }
  if (chance < 91) return { kind: 'terminate', after }
  return { kind: 'drop', time: 1 + random.below(2) }
}

function stop(random: Random): Pick<Trouble & { readonly kind: 'stop' }, 'kind' | 'hold' | 'end'> {
  const end = random.below(8) === 0 ? 'SIGCONT' : 'SIGKILL'
  return { kind: 'stop', hold: random.below(300), end }
}
