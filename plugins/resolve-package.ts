/** Finds the module that `import` of a package would load, from any folder. */
import { readFile } from 'node:fs/promises'
import { createRequire, findPackageJSON } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Resolves a package's name, or a path that it exports; undefined when there is none.
 * @param folder absolute; whose node_modules, and those above, are looked in
 * @returns absolute
 */
export async function resolvePackage(specifier: string, folder: string): Promise<string | undefined> {
  const parent = join(folder, 'package.json')
  try {
    return createRequire(parent).resolve(specifier)
  } catch {
    // `require.resolve` does not see exports that are for `import` only.
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    const json = packageJson(name, parent)
    if (!json) return undefined
    const { exports }: { exports?: unknown } = JSON.parse(await readFile(json, 'utf8'))
    const target = importTarget(exports, `.${specifier.slice(name.length)}`)
    return target && resolve(dirname(json), target)
  }
}

function packageJson(name: string, parent: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(parent))
  } catch {
    return undefined
  }
}

function importTarget(exports: unknown, subpath: string): string | undefined {
  if (typeof exports === 'string') return subpath === '.' ? exports : undefined
  if (typeof exports !== 'object' || exports === null) return undefined
  for (const [key, value] of Object.entries(exports)) {
    if (key === subpath) return importTarget(value, '.')
    if (['node', 'import', 'default'].includes(key)) return importTarget(value, subpath)
  }
  return undefined
}
