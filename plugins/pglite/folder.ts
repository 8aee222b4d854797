/** The folder of a database. Who calls has it locked. */
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Engine, OpenEngine } from './engine.ts'
import { unreachable } from './errors.ts'
import type { Place } from './url.ts'

/** Whether there is no database yet: no folder, or an empty one. */
export function isNew(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false })
  return found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)
}

/** @throws {AludelError} DATABASE_UNREACHABLE */
export async function openFolder(
  open: OpenEngine,
  { folder, database }: Place & { readonly folder: string },
): Promise<Engine> {
  if (isNew(folder)) await make(open, folder)
  const version = versionOf(folder)
  if (version === undefined) throw unreachable(folder, 'it is no folder of PGlite')
  try {
    return await open({ dataDir: folder, database })
  } catch (error) {
    throw unreachable(
      folder,
      error,
      `Look whether it is whole and of the installed PGlite (its PG_VERSION is ${version})${database === 'postgres' ? '' : `, and whether it has a database ${database}`}.`,
    )
  }
}

/** Beside its place and then renamed: a process that is killed leaves nothing half made. */
async function make(open: OpenEngine, folder: string): Promise<void> {
  const beside = `${folder}.new`
  rmSync(beside, { recursive: true, force: true })
  const engine = await open({ dataDir: beside }).catch((error: unknown) => {
    throw unreachable(folder, error, `Correct the URL, or the rights of ${path.dirname(folder)}.`)
  })
  await engine.close()
  if (existsSync(folder)) rmdirSync(folder)
  renameSync(beside, folder)
}

function versionOf(folder: string): string | undefined {
  const file = path.join(folder, 'PG_VERSION')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}
