/**
 * Runners that are killed at random, with all that a network and a server do to them, up and down a history. When they are through, one
 * more run is left alone; then the database must be what it is when nothing disturbs. SEED makes the same choices again. With the order of
 * a downgrade's path turned round once, it failed in its second phase.
 */
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { endLockSession, left } from '../support/exactly-once.ts'
import { describePoolers } from '../support/pgbouncer.ts'
import { type Project, type Run, project } from '../support/project.ts'
import { startProxy } from '../support/proxy.ts'
import { type DialectName, dialectNames } from '../support/servers.ts'
import type { Snapshot } from '../support/snapshot.ts'
import { sql } from '../support/sql.ts'
import { historyFiles, outcome, plainHistoryFiles } from './history.ts'
import { random } from './random.ts'
import { type Trouble, choose } from './trouble.ts'

const { SEED = String(Date.now() % 1_000_000), KILLS = '60', RUNNERS = '4', DB = '' } = process.env
const names = dialectNames.filter((name) => DB === '' || name === (DB === 'pg' ? 'postgresql' : DB))

const targets = { head: ['upgrade', 'head'], base: ['downgrade', 'base'] } as const
type Target = keyof typeof targets

/** More kills of runners that hold the lock would all fall on the first revision. */
const killsPerRevision = 5
/** After which a runner is left alone. */
const lives = 8
/** Milliseconds after which something hangs. */
const patience = 240_000

describeDialects(
  'chaos',
  (dialect) => {
    test('exactly once', async () => {
      const { url } = await database(dialect)
      await rage({ name: dialect, dialect, url, through: url, files: historyFiles, kills: Number(KILLS) })
    })
  },
  names,
)

describe.runIf(names.includes('postgresql'))('through PgBouncer:', () => {
  describePoolers('chaos', (through, { mode, size }) => {
    test('exactly once', async () => {
      const { url } = await database('postgresql')
      await rage({
        name: `postgresql through a ${mode} pool of ${size}`,
        dialect: 'postgresql',
        url,
        through: through(url),
        files: size === 1 ? plainHistoryFiles : historyFiles,
        kills: Number(KILLS) / 3,
      })
    })
  })
})

interface Rage {
  /** For people. */
  readonly name: string
  readonly dialect: DialectName
  readonly url: string
  /** What the runners are given. */
  readonly through: string
  readonly files: Readonly<Record<string, string>>
  readonly kills: number
}

interface Tally {
  kills: number
  terminated: number
  dropped: number
  paused: number
  /** Of the runners that were not killed: how many ended with which status. */
  readonly statuses: Map<number, number>
}

async function rage({ name, dialect, url, through, files, kills }: Rage): Promise<void> {
  console.log(`chaos on ${name}: SEED=${SEED}`)
  const app = project(files)
  const wanted = await undisturbed(app, dialect)
  const tally: Tally = { kills: 0, terminated: 0, dropped: 0, paused: 0, statuses: new Map() }
  for (let phase = 0; tally.kills < kills || phase % 2 === 0; phase += 1) {
    const target = phase % 2 === 0 ? 'head' : 'base'
    await disturb({ name, app, url, through, target, phase, tally })
    const env = { DATABASE_URL: through }
    const { status, stderr } = await app.run(targets[target], { env })
    expect({ status, said: status === 0 ? '' : stderr }).toEqual({ status: 0, said: '' })
    expect(await outcome(url)).toEqual(wanted[target])
    await expect.poll(() => left(url), { timeout: 10_000 }).toEqual([])
    const open = "select revision from aludel_journal where outcome in ('running', 'halfDone')"
    expect(await sql(url, open)).toEqual([])
    console.log(`  ${target}: ${told(tally)}`)
  }
  console.log(`${name}: ${tally.kills} kills, exactly once (SEED=${SEED})`)
}

function told({ kills, terminated, dropped, paused, statuses }: Tally): string {
  const ends = [...statuses].map(([status, times]) => `${status} ${times} times`).join(', ')
  const troubles = `${terminated} sessions ended, ${dropped} connections cut, ${paused} pauses`
  return `${kills} kills, ${troubles}; status ${ends}`
}

/** What a history leaves where nothing happens. */
async function undisturbed(app: Project, dialect: DialectName): Promise<Readonly<Record<Target, Snapshot>>> {
  const { url } = await database(dialect)
  const env = { DATABASE_URL: url }
  expect((await app.run(targets.head, { env })).status).toBe(0)
  const head = await outcome(url)
  expect((await app.run(targets.base, { env })).status).toBe(0)
  return { head, base: await outcome(url) }
}

interface Phase {
  readonly name: string
  readonly app: Project
  readonly url: string
  readonly through: string
  readonly target: Target
  readonly phase: number
  readonly tally: Tally
}

/** Several runners with one target, each started again when it was killed or failed, until all have ended with 0. */
async function disturb(phase: Phase): Promise<void> {
  const over = new AbortController()
  const state = { killed: new Map<string, number>(), over: over.signal }
  const runners = Array.from({ length: Number(RUNNERS) }, (_, at) => survive(phase, at, state))
  const hangs = setTimeout(patience, undefined, { signal: over.signal }).then(
    () => {
      throw new Error(`a runner does not end within ${patience / 1000} s`)
    },
    () => undefined,
  )
  await Promise.race([Promise.all(runners), hangs]).finally(() => over.abort())
}

interface Shared {
  /** How often a runner was killed in which move. */
  readonly killed: Map<string, number>
  readonly over: AbortSignal
}

async function survive(phase: Phase, runner: number, { killed, over }: Shared): Promise<void> {
  const { name, tally, target } = phase
  for (let life = 0; !over.aborted; life += 1) {
    const choices = random(SEED, name, phase.phase, runner, life)
    const trouble = life < lives ? choose(choices, { hasServer: !name.startsWith('sqlite') }) : none
    const { status, stdout, stderr } = await live(phase, trouble, killed)
    if (status === 0) return count(tally.statuses, 0)
    if (status === null) continue
    count(tally.statuses, status)
    // What the server or the network did to one of them is an error that it tells, and nobody has to decide anything.
    if (over.aborted) return
    if (![1, 6, 7].includes(status) || life > 2 * lives) {
      throw new Error(`${target}: status ${status} after ${JSON.stringify(trouble)}\n${stderr}\n${stdout}`)
    }
  }
}

const none: Trouble = { kind: 'none' }

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1)
}

/** One run, from its start to its end. */
async function live(phase: Phase, trouble: Trouble, killed: Map<string, number>): Promise<Run> {
  const { app, url, through, target, tally } = phase
  const proxy =
    trouble.kind === 'drop'
      ? await startProxy(through, { kind: 'drop-after-commit', time: trouble.time })
      : undefined
  const stop = trouble.kind === 'stop' ? { ALUDEL_TEST_STOP: `${trouble.point}:${trouble.time}` } : {}
  const env = { DATABASE_URL: proxy?.url(through) ?? through, ...stop }
  const running = app.start(targets[target], { env })
  let ended = false
  void running.ended.finally(() => (ended = true))

  const kill = (): void => {
    if (ended) return
    const [revision = ''] =
      running
        .seen()
        .match(/(?<=Running \w+ ).*$/gm)
        ?.slice(-1) ?? []
    // It would be stopped for ever.
    if (revision !== '' && (killed.get(revision) ?? 0) >= killsPerRevision) return running.kill('SIGCONT')
    count(killed, revision)
    tally.kills += 1
    running.kill('SIGKILL')
  }
  const troubles: Readonly<Record<Trouble['kind'], () => Promise<void>>> = {
    none: async () => {},
    drop: async () => {},
    kill: async () => {
      if (trouble.kind === 'kill') await setTimeout(trouble.after)
      kill()
    },
    pause: async () => {
      if (trouble.kind === 'pause') await setTimeout(trouble.after)
      if (ended) return
      tally.paused += 1
      running.kill('SIGSTOP')
      await setTimeout(3000)
      running.kill('SIGCONT')
    },
    terminate: async () => {
      if (trouble.kind === 'terminate') await setTimeout(trouble.after)
      if (ended) return
      tally.terminated += 1
      await endLockSession(url)
    },
    stop: async () => {
      if (trouble.kind !== 'stop') return
      // It may come to its end without it.
      if (
        !(await running.stopped(trouble.point).then(
          () => true,
          () => false,
        ))
      )
        return
      await setTimeout(trouble.hold)
      if (trouble.end === 'SIGKILL') kill()
      else running.kill('SIGCONT')
    },
  }
  const [run] = await Promise.all([running.ended, troubles[trouble.kind]()])
  tally.dropped += proxy?.drops() ?? 0
  await proxy?.stop()
  return run
}
