/** Loads the user's modules: by Node itself, and where its type stripping is not enough, by the project's own `tsx`. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire, findPackageJSON } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AludelError } from '../../src/errors.ts'
import { firstLine } from './first-line.ts'

export type Exports = Readonly<Record<string, unknown>>
export type Import = (url: string) => unknown

export interface ModuleLoader {
  /**
   * @param file absolute
   * @param importer instead of `import()`
   * @throws {AludelError} ENTITIES_INVALID naming the file, with the ways out
   */
  load(file: string, importer?: Import): Promise<Exports>
  /** Takes out again what it registered with Node. */
  close(): Promise<void>
}

/** @param root where `tsx` is looked for first, and what file names are shown relative to */
export function moduleLoader(root: string): ModuleLoader {
  const registered = new Map<ModuleSystem, Unregister>()
  return {
    async load(file, importer = (url) => import(url)) {
      const system = await moduleSystem(file)
      // `import` would keep a CommonJS module's first, failed attempt; `require` does not.
      const load = async (): Promise<Exports> =>
        asExports(system === 'cjs' ? createRequire(file)(file) : await importer(pathToFileURL(file).href))
      try {
        return await load()
      } catch (error) {
        if (!isBeyondStripping(error)) throw failed(root, file, error)
        if (!registered.has(system)) {
          const unregister = registerTsx(system, [join(root, 'package.json'), file])
          if (!unregister) throw needsLoader(root, file, error)
          registered.set(system, unregister)
        }
      }
      try {
        return await load()
      } catch (error) {
        throw failed(root, file, error)
      }
    },
    async close() {
      await Promise.all([...registered.values()].map((unregister) => unregister()))
      registered.clear()
    },
  }
}

type ModuleSystem = 'esm' | 'cjs'
type Unregister = () => unknown

/** `cjs` for TypeScript in a package that says so; all else goes through `import`. */
async function moduleSystem(file: string): Promise<ModuleSystem> {
  if (file.endsWith('.cts')) return 'cjs'
  const found = file.endsWith('.ts') ? findPackageJSON(pathToFileURL(file)) : undefined
  // Node gives the file back where there is none above it.
  if (!found?.endsWith('package.json')) return 'esm'
  const json: unknown = JSON.parse(await readFile(found, 'utf8'))
  return typeof json === 'object' && json !== null && 'type' in json && json.type === 'commonjs'
    ? 'cjs'
    : 'esm'
}

function asExports(module: unknown): Exports {
  return typeof module === 'object' && module !== null ? { ...module } : { default: module }
}

function registerTsx(system: ModuleSystem, places: readonly string[]): Unregister | undefined {
  for (const place of places) {
    const require = createRequire(place)
    try {
      require.resolve(`tsx/${system}/api`)
    } catch {
      continue
    }
    const tsconfig = join(place, '..', 'tsconfig.json')
    return require(`tsx/${system}/api`).register(existsSync(tsconfig) ? { tsconfig } : {})
  }
  return undefined
}

/** Decorators are a SyntaxError to V8; an import of './user.js' that is a .ts file is not found. */
function isBeyondStripping(error: unknown): boolean {
  return error instanceof SyntaxError || beyondStripping.includes(codeOf(error))
}

const beyondStripping = [
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_MODULE_NOT_FOUND',
  'MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNKNOWN_FILE_EXTENSION',
]

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function failed(root: string, file: string, cause: unknown): AludelError {
  const message = `${relative(root, file)} failed to load: ${firstLine(cause)}`
  const packageName = missingPackage(cause)
  return new AludelError('ENTITIES_INVALID', message, {
    state: 'Nothing was changed.',
    fix:
      otherDecorators(cause) ??
      (packageName === undefined
        ? 'Correct it, or what it imports; --debug prints the whole error.'
        : `npm install ${packageName}`),
    cause,
    details: { file },
  })
}

/** Decorators of one kind that were compiled as the other kind fail inside, at what they are not given. */
function otherDecorators(error: unknown): string | undefined {
  const stack = error instanceof TypeError ? (error.stack ?? '') : ''
  const [, kind] = /@mikro-orm[\\/]decorators[\\/](legacy|es)[\\/]/.exec(stack) ?? []
  if (kind === undefined) return undefined
  return kind === 'legacy'
    ? 'Set "experimentalDecorators": true in tsconfig.json, or import from @mikro-orm/decorators/es.'
    : 'Take "experimentalDecorators" out of tsconfig.json, or import from @mikro-orm/decorators/legacy.'
}

function needsLoader(root: string, file: string, cause: unknown): AludelError {
  const packageName = missingPackage(cause)
  const message = `${relative(root, file)} cannot be loaded by Node itself: ${reason(root, cause)}.`
  const fix = packageName
    ? `npm install ${packageName}`
    : 'npm install --save-dev tsx (or point `entities` in the configuration at the compiled .js files)'
  return new AludelError('ENTITIES_INVALID', message, { fix, cause, details: { file } })
}

function missingPackage(error: unknown): string | undefined {
  return /Cannot find (?:package|module) '((?:@[\w.-]+\/)?[\w-][\w.-]*)/.exec(firstLine(error))?.[1]
}

function reason(root: string, error: unknown): string {
  const text = firstLine(error).replace(/\.$/, '')
  if (error instanceof Error && 'url' in error && String(error.url).startsWith('file:')) {
    const wanted = fileURLToPath(String(error.url))
    const typeScript = wanted.replace(/\.([cm]?)js$/, '.$1ts')
    if (typeScript !== wanted && existsSync(typeScript)) {
      return `there is no ${relative(root, wanted)}, only ${relative(root, typeScript)}`
    }
  }
  return error instanceof SyntaxError && text === 'Invalid or unexpected token'
    ? 'it, or a file that it imports, has syntax that JavaScript has not, such as decorators'
    : text
}
