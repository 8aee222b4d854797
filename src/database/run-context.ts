/** What a run is given, and what it tells on its way. */
import type { ConnectRetry } from '../config.ts'
import type { Blocker } from '../dialect.ts'
import type { Graph } from '../graph/graph.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { AskConsent, Consent } from './consent.ts'
import type { Run } from './entries.ts'
import type { Limits, WaitingEvent } from './lock.ts'
import type { LedgerState } from './rows.ts'
import type { Direction, Guard } from './step.ts'
import type { StopPoint } from './stop.ts'

export interface RunContext extends Run {
  /** As read outside of any lock; a failing read inside would spoil PostgreSQL's transaction. */
  readonly ledgerExists: boolean
  readonly graph: Graph<RevisionFile>
  /**
   * Looks at the state found inside each lock.
   * @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD
   */
  readonly verify: (state: LedgerState) => void
  readonly limits: Limits
  readonly guard: Guard
  readonly consent: Consent
  /** Left out: nobody can be asked. */
  readonly askConsent?: AskConsent
  readonly at: (point: StopPoint) => void
  readonly onEvent: (event: RunEvent) => void
}

export type RunEvent =
  | WaitingEvent
  | ConnectRetry
  | { readonly kind: 'start'; readonly direction: Direction; readonly revision: RevisionFile }
  /** An earlier run was cut short in this step; it goes on at this statement, from 1. */
  | {
      readonly kind: 'resume'
      readonly direction: Direction
      readonly revision: RevisionFile
      readonly statement: number
      /** Who began it, and when (ISO 8601). */
      readonly startedBy: string
      readonly startedAt: string
    }
  /** Told every few seconds of a long step. */
  | { readonly kind: 'progress'; readonly revision: string; readonly statement: number; readonly of: number }
  | {
      readonly kind: 'blocked'
      readonly revision: string
      /** Who uses what the step changes; empty when the server does not say. */
      readonly blockers: readonly Blocker[]
      /** It is tried again: which try is to come, from 2, of how many. Left out: it goes on waiting. */
      readonly attempt?: number
      readonly attempts?: number
    }
  | { readonly kind: 'end'; readonly step: Step }

export interface Step {
  readonly direction: Direction | 'stamp'
  readonly revision: string
  readonly message: string
  /** How many ran. */
  readonly statements: number
  readonly ms: number
}

export interface Route {
  readonly direction: Direction
  /** Ids still to run in this direction, from the state found. */
  readonly plan: (state: ReadonlySet<string>) => readonly string[]
  /** All steps are one transaction. */
  readonly single: boolean
}
