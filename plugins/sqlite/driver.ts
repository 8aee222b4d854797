/** Loads better-sqlite3. */
import type { Database, Options } from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Opens a file with better-sqlite3. In the published package its binaries lie beside the bundle: as a dependency it would make
 * `npm ci` look for Python and Node's headers, which a release phase has not. From the sources the driver finds its own.
 * @throws whatever the driver throws
 */
export async function openWithDriver(file: string, options: Options): Promise<Database> {
  const { default: Driver } = await import('better-sqlite3')
  const [binary, ...others] = binaries().filter((each) => existsSync(each))
  if (binary === undefined) return new Driver(file, options)
  try {
    return new Driver(file, { ...options, nativeBinding: binary })
  } catch (error) {
    const [other] = others
    if (other === undefined || !isOfAnotherSystem(error)) throw error
    return new Driver(file, { ...options, nativeBinding: other })
  }
}

/** The binaries that may fit, the likelier first: Linux comes with one C library or another, and does not say which. */
function binaries(): readonly string[] {
  const systems = process.platform === 'linux' ? ['linux', 'linuxmusl'] : [process.platform]
  return systems.map((system) =>
    fileURLToPath(new URL(`prebuilds/${system}-${process.arch}.node`, import.meta.url)),
  )
}

function isOfAnotherSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_DLOPEN_FAILED'
}
