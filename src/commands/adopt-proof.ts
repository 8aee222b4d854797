/** Whether revisions make what the migrations make that they were adopted from: both are run in an empty place and read back. */
import { isDeepStrictEqual } from 'node:util'
import type { Settings } from '../config.ts'
import { persistently } from '../database/connect.ts'
import { recordOnly, shapeIn } from '../database/recording.ts'
import type { Adoption, Dialect, RecordedMigration, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Schema } from '../schema/schema.ts'

export type Proof =
  | {
      readonly proved: true
      /** What both make of an empty database. */
      readonly schema: Schema
      /** How many were taken back too, from the last. */
      readonly back: number
      readonly warnings: readonly string[]
    }
  | {
      readonly proved: false
      readonly why: string
      readonly fix: string | undefined
      readonly cause: unknown
    }

export interface ProofRequest {
  readonly dialect: Dialect
  readonly adoption: Adoption
  readonly url: string
  readonly migrations: readonly RecordedMigration[]
  /** Of the same, in the same order. */
  readonly files: readonly RevisionFile[]
}

/** @throws {AludelError} DIFFERENT when the revisions make something else, or fail where the migrations do not */
export async function prove(settings: Settings, request: ProofRequest): Promise<Proof> {
  const { dialect, adoption, migrations } = request
  const [theirs, ours] = [migrations.map((each) => theirStep(adoption, each)), await ourSteps(request)]
  const missing = ours.find((step) => step === undefined || step.up === undefined)
  if (missing !== undefined || ours.includes(undefined)) {
    return notProved(
      `${missing?.name ?? 'a revision'} is a data step, and nobody can tell without the data what it does`,
    )
  }
  const steps = ours.filter((step) => step !== undefined)
  const statements = [...theirs, ...steps].flatMap(({ texts }) => texts)
  const back = Math.min(reversible(theirs), reversible(steps))
  const run = (side: readonly Step[], depth: number): Promise<Outcome> =>
    persistently(dialect, settings, (limits) =>
      adoption.rehearse(
        settings.scratchUrl ?? request.url,
        { ...limits, statements, dedicated: settings.scratchUrl !== undefined },
        (session) => walk(dialect, session, side, depth),
      ),
    )
  try {
    return await compareSides(theirs, steps, back, run)
  } catch (error) {
    if (!(error instanceof AludelError) || error.code !== 'SCRATCH_UNAVAILABLE') throw error
    return { proved: false, why: error.message.replace(/\.$/, ''), fix: error.fix, cause: error }
  }
}

async function compareSides(
  theirs: readonly Step[],
  ours: readonly Step[],
  back: number,
  run: (side: readonly Step[], depth: number) => Promise<Outcome>,
): Promise<Proof> {
  let depth = back
  let original = await run(theirs, depth)
  const warnings: string[] = []
  if (original.failed?.way === 'down') {
    const { name, said } = original.failed
    warnings.push(
      `The way back of ${name} fails in an empty place, as it is in MikroORM: ${said}. It was adopted as it is.`,
    )
    depth = theirs.length - 1 - theirs.findIndex((step) => step.name === name)
    original = await run(theirs, depth)
  }
  if (original.failed) {
    const { name, said } = original.failed
    return notProved(
      `MikroORM's own migrations do not make the database out of nothing: ${name} fails: ${said}`,
    )
  }
  const adopted = await run(ours, depth)
  if (adopted.failed) {
    const { name, said, way } = adopted.failed
    throw different(
      `\`${way === 'up' ? 'upgrade' : 'downgrade'}\` of ${name} fails where the migration does not: ${said}.`,
    )
  }
  const objects = [
    ...differing(original.built, adopted.built),
    ...differing(original.left, adopted.left).map((name) => `${name} (after the way back)`),
  ]
  if (objects.length > 0) throw different(`They differ in ${objects.join(', ')}.`, objects)
  return { proved: true, schema: adopted.built, back: depth, warnings }
}

interface Step {
  readonly name: string
  readonly texts: readonly string[]
  readonly up: ((session: Session) => Promise<void>) | undefined
  /** Undefined: there is no way back. */
  readonly down: ((session: Session) => Promise<void>) | undefined
}

/** As MikroORM runs it. */
function theirStep(adoption: Adoption, { name, up, down }: RecordedMigration): Step {
  const running = (texts: readonly string[]) => async (session: Session) => {
    for (const text of texts.flatMap((each) => adoption.split(each))) await session.simple(text)
  }
  const noWay =
    down.refuses !== undefined || down.asks !== undefined || (down.texts.length === 0 && up.texts.length > 0)
  return {
    name,
    texts: [...up.texts, ...down.texts],
    up: up.asks === undefined ? running(up.texts) : undefined,
    down: noWay ? undefined : running(down.texts),
  }
}

/** As a run of aludel runs them; undefined for a data step. */
function ourSteps({ dialect, files }: ProofRequest): Promise<readonly (Step | undefined)[]> {
  return Promise.all(
    files.map(async (file) => {
      const { upgrade, downgrade } = await loadRevision(file)
      const forth = await recordOnly(dialect, upgrade)
      const back = downgrade && (await recordOnly(dialect, downgrade))
      if (forth.dynamic) return undefined
      const running = (operations: readonly Operation[]) => async (session: Session) => {
        const compiled = await dialect.compile(operations, await shapeIn(dialect, session)(operations))
        for (const { sql } of compiled.flat()) await session.simple(sql)
      }
      const all = [...forth.operations, ...(back?.operations ?? [])]
      return {
        name: `${file.revision} (${file.message})`,
        texts: all.flatMap((operation) => (operation.kind === 'execute' ? [operation.sql] : [])),
        up: running(forth.operations),
        down: back && !back.dynamic ? running(back.operations) : undefined,
      }
    }),
  )
}

/** How many of the last can be taken back. */
function reversible(steps: readonly Step[]): number {
  return steps.length - 1 - steps.findLastIndex(({ down }) => down === undefined)
}

interface Outcome {
  readonly built: Schema
  readonly left: Schema
  readonly failed?: Failed
}

interface Failed {
  readonly name: string
  readonly way: 'up' | 'down'
  readonly said: string
}

const nothing: Schema = { tables: {} }

/** All the way up, and the last `depth` of them back. */
async function walk(
  dialect: Dialect,
  session: Session,
  steps: readonly Step[],
  depth: number,
): Promise<Outcome> {
  const failedUp = await carryOut(session, steps, 'up')
  if (failedUp) return { built: nothing, left: nothing, failed: failedUp }
  const built = await dialect.reflect(session)
  const failed = await carryOut(session, steps.slice(steps.length - depth).toReversed(), 'down')
  return failed ? { built, left: nothing, failed } : { built, left: await dialect.reflect(session) }
}

async function carryOut(
  session: Session,
  steps: readonly Step[],
  way: 'up' | 'down',
): Promise<Failed | undefined> {
  for (const { name, [way]: run } of steps) {
    try {
      await run?.(session)
    } catch (error) {
      return { name, way, said: sentence(error) }
    }
  }
  return undefined
}

function sentence(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}

/** `table users`: what one of them has and the other has not, or has in another shape. */
function differing(one: Schema, other: Schema): readonly string[] {
  const [left, right] = [objectsOf(one), objectsOf(other)]
  const names = [...new Set([...left.keys(), ...right.keys()])].sort()
  return names.filter((name) => !isDeepStrictEqual(left.get(name), right.get(name)))
}

function objectsOf(schema: Schema): ReadonlyMap<string, unknown> {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    const kind = key.replace(/s$/, '')
    const parts: unknown = value
    if (Array.isArray(parts)) return parts.map((part) => [named(kind, part), part])
    if (typeof parts !== 'object' || parts === null) return []
    return Object.entries(parts).map(([name, part]) => [`${kind} ${name}`, part])
  })
  return new Map(entries)
}

/** What no revision knows as its own says its kind itself. */
function named(kind: string, part: unknown): string {
  if (typeof part !== 'object' || part === null || !('name' in part)) return `${kind} ${String(part)}`
  return `${'kind' in part ? String(part.kind) : kind} ${String(part.name)}`
}

function notProved(why: string): Proof {
  return { proved: false, why, fix: undefined, cause: undefined }
}

function different(what: string, objects: readonly string[] = []): AludelError {
  return new AludelError(
    'DIFFERENT',
    `The revisions would not make what MikroORM's migrations make. ${what}`,
    {
      state: 'Both were run in an empty place. Nothing was written or changed.',
      fix: 'Correct what it names (an adopted revision that was edited, or a statement that depends on where it runs).',
      details: { objects },
    },
  )
}
