/** What `revision` and `merge` have in common towards people. */
import path from 'node:path'
import type { RevisionResult } from '../../src/commands/new-file.ts'
import type { Settings } from '../../src/config.ts'
import type { Input } from './command.ts'

/** `--version-path`, absolute; it may be relative to where one stands, or as the configuration has it. */
export function versionPath(
  { flags, cwd }: Pick<Input, 'flags' | 'cwd'>,
  { migrations, root }: Pick<Settings, 'migrations' | 'root'>,
): string | undefined {
  const text = flags.text('version-path')
  if (text === undefined) return undefined
  const places = [cwd, root].map((from) => path.resolve(from, text))
  return places.find((folder) => migrations.includes(folder)) ?? places[0]
}

/** The result, when the configuration's hooks have run on the new file. */
export async function withWriteHooks(
  input: Pick<Input, 'env' | 'note'>,
  settings: Settings,
  result: RevisionResult,
): Promise<RevisionResult> {
  if (result.path === null || settings.writeHooks.length === 0) return result
  const { runWriteHooks } = await import('./write-hooks.ts')
  const failed = await runWriteHooks(input, settings, result.path)
  return { ...result, warnings: [...result.warnings, ...failed] }
}

/** What was written, and what to do with it. */
export function written(
  { cwd }: Pick<Input, 'cwd'>,
  { path: file, heads }: RevisionResult,
  what: string,
): readonly string[] {
  const target = heads.length > 1 ? 'heads' : 'head'
  return [
    `Wrote ${path.relative(cwd, file ?? '')} (${what}).`,
    `Read it, then run \`aludel upgrade ${target}\`.`,
  ]
}
