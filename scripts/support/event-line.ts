/** What is told of a run while it goes on. */
import type { RunEvent } from '../../src/database/run-context.ts'
import { describeBlocker, describeHolder } from '../../src/dialect.ts'
import { oneLine } from './printable.ts'

/** One line for people; undefined for what is told in the end. */
export function eventLine(event: RunEvent): string | undefined {
  // The table of functions is indexed by the event's own kind.
  const line = lines[event.kind] as (event: RunEvent) => string | undefined
  const text = line(event)
  return text === undefined ? undefined : oneLine(text)
}

const lines: { [K in RunEvent['kind']]: (event: Extract<RunEvent, { kind: K }>) => string | undefined } = {
  waiting: ({ holder }) => {
    const who = holder ? describeHolder(holder) : ''
    return `Another runner holds the lock${who === '' ? '' : ` (${who})`}; waiting for it.`
  },
  retry: ({ reason, wait, left }) => {
    const next = wait < 950 ? (wait / 1000).toFixed(1) : Math.round(wait / 1000)
    return `${reason.replace(/\.$/, '')}; trying again in ${next} s, ${Math.round(left / 1000)} s left.`
  },
  start: ({ direction, revision }) => {
    const [from, to] = [revision.downRevision.join(', ') || 'base', revision.revision]
    const move = direction === 'upgrade' ? `${from} -> ${to}` : `${to} -> ${from}`
    return `Running ${direction} ${move}${revision.message === '' ? '' : `, ${revision.message}`}`
  },
  resume: ({ direction, revision, statement, startedBy, startedAt }) =>
    `The ${direction} of ${revision.revision}, begun by ${startedBy} at ${startedAt}, was cut short; going on at statement ${statement}.`,
  progress: ({ revision, statement, of }) => `${revision}: statement ${statement} of ${of}`,
  blocked: ({ revision, blockers, attempt, attempts }) => {
    const by = blockers.length === 0 ? 'others' : blockers.map(describeBlocker).join('; ')
    const then = attempt === undefined ? 'waiting' : `rolled back, try ${attempt} of ${attempts} follows`
    return `${revision} is held up by ${by}; ${then}.`
  },
  end: () => undefined,
}
