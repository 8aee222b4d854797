/** PGlite's databases for tests: copies of one folder, which takes two seconds to make and is kept from run to run. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Of PGlite, in whose main file's folder it stands. */
const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
const { version }: { readonly version: string } = JSON.parse(
  readFileSync(path.join(entry, '../../package.json'), 'utf8'),
)
const kept = path.join(import.meta.dirname, '../../node_modules/.cache/aludel-test', `pglite-${version}`)

/** What `select version()` says: `PostgreSQL 18.3 (PGlite 0.5.8)`. Makes the folder that databases are copied from where there is none. */
export async function pgliteVersion(): Promise<string> {
  if (!existsSync(kept)) await prepare()
  return readFileSync(path.join(kept, 'version'), 'utf8')
}

/** Makes a folder a new, empty database. */
export function copyPglite(folder: string): void {
  cpSync(path.join(kept, 'data'), folder, { recursive: true })
}

/** A database for many tests, that stays open between them: to open one takes half a second. */
export async function openPglite(url: string): Promise<{ clear(): Promise<void>; close(): Promise<void> }> {
  const { default: pglite } = await import('../../plugins/pglite/index.ts')
  const session = await pglite.connect(url)
  return {
    clear: () => session.simple('drop schema public cascade; create schema public'),
    close: () => session.close(),
  }
}

/** Beside its place first: several runs may do it at once, and one may be killed. */
async function prepare(): Promise<void> {
  mkdirSync(path.dirname(kept), { recursive: true })
  const beside = mkdtempSync(`${kept}-`)
  const { default: pglite } = await import('../../plugins/pglite/index.ts')
  const session = await pglite.connect(`pglite:${beside}/data`)
  const [row] = await session.query<{ readonly version: string }>('select version() as version')
  await session.close()
  writeFileSync(
    path.join(beside, 'version'),
    /^PostgreSQL [\d.]+ \(.*?\)/.exec(row?.version ?? '')?.[0] ?? '',
  )
  if (existsSync(kept)) rmSync(beside, { recursive: true })
  else renameSync(beside, kept)
}
