/** Loads the project's own PGlite, 10 MB of WebAssembly that aludel does not bring. */
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { AludelError } from '../../src/errors.ts'
import { resolvePackage } from '../resolve-package.ts'

/** What is used of PGlite's class. */
export interface Engine {
  /** @param message of PostgreSQL's wire protocol, one or several whole ones; the answer is there when it settles */
  execProtocolRawStream(
    message: Uint8Array,
    options: { readonly onRawData: (data: Uint8Array) => void },
  ): Promise<void>
  close(): Promise<void>
}

export interface EngineOptions {
  /** A folder, made when it is not there; none: in memory. */
  readonly dataDir?: string
  readonly database?: string
}

export type OpenEngine = (options: EngineOptions) => Promise<Engine>

const [name, driver] = ['@electric-sql/pglite', '@mikro-orm/pglite']

/**
 * Looks in the folder that the process runs in first, then beside the database, then beside aludel; with strict package managers only
 * MikroORM's driver sees it.
 * @throws {AludelError} PGLITE_MISSING
 */
export async function loadEngine(folder: string | undefined): Promise<OpenEngine> {
  const beside = folder === undefined ? [] : [path.dirname(folder)]
  for (const place of [process.cwd(), ...beside, import.meta.dirname]) {
    const orm = await resolvePackage(driver, place)
    const file =
      (await resolvePackage(name, place)) ?? (orm && (await resolvePackage(name, path.dirname(orm))))
    if (file === undefined) continue
    await checkVersion(file)
    // The edge to the project's own package: typed as the version that it was checked to be.
    const { PGlite } = await import(pathToFileURL(file).href)
    return async (options) => PGlite.create(options)
  }
  throw missing('PGlite is not installed: the package @electric-sql/pglite cannot be found')
}

/** 0.4 speaks the wire protocol in another way. */
async function checkVersion(file: string): Promise<void> {
  const json = findPackageJSON(pathToFileURL(file))
  if (json === undefined) return
  const { version }: { version?: unknown } = JSON.parse(await readFile(json, 'utf8'))
  if (!String(version).startsWith('0.5.'))
    throw missing(`PGlite ${String(version)} is installed, and aludel knows ^0.5.0`, { version })
}

function missing(what: string, details: Readonly<Record<string, unknown>> = {}): AludelError {
  return new AludelError('PGLITE_MISSING', `${what}.`, {
    state: 'Nothing was read or changed.',
    fix: `npm install ${name}@^0.5.0`,
    details: { package: name, ...details },
  })
}
