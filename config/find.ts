/** Finds and reads the project's configuration; what it holds is not looked at here. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loader } from 'cosmiconfig'
import { AludelError } from '../src/errors.ts'
import { mask } from './url.ts'

export interface FoundConfig {
  /** Absolute. */
  readonly file: string
  /** Absolute: the project's folder. */
  readonly root: string
  /** What the file holds, functions called and promises awaited. */
  readonly value: unknown
}

export interface FindOptions {
  /** Absolute. */
  readonly cwd: string
  /** Instead of searching; relative to `cwd`. */
  readonly file: string | undefined
  /** Passwords that no message may show. */
  readonly secrets: readonly string[]
}

const moduleExtensions = ['js', 'mjs', 'cjs', 'ts', 'mts']
const rcPlaces = (name: string): readonly string[] => [
  name,
  ...['json', 'yaml', 'yml', ...moduleExtensions].map((extension) => `${name}.${extension}`),
]

/** In a folder the first that there is counts. */
export const searchPlaces: readonly string[] = [
  'package.json',
  ...rcPlaces('.aludelrc'),
  ...rcPlaces('.config/aludelrc'),
  ...['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml'].map(
    (extension) => `aludel.config.${extension}`,
  ),
]

/**
 * Looks in `cwd` and the folders above it, up to and including the first with a package.json.
 * @throws {AludelError} CONFIG_NOT_FOUND, CONFIG_FAILED, CONFIG_INVALID when the file is empty or exports nothing
 */
export async function findConfig({ cwd, file, secrets }: FindOptions): Promise<FoundConfig> {
  const named = file === undefined ? undefined : path.resolve(cwd, file)
  if (named !== undefined && !existsSync(named))
    throw notFound(
      `There is no configuration file ${named}.`,
      'Correct `--config` or ALUDEL_CONFIG, or leave it out: then it is looked for.',
    )
  const candidates = named === undefined ? projectFolders(cwd).flatMap(present) : [named]
  for (const candidate of candidates) {
    const loaded = await load(candidate, secrets)
    if (!loaded) continue
    if (loaded.value === undefined || loaded.value === null) throw empty(candidate)
    return { file: candidate, root: rootOf(candidate), value: loaded.value }
  }
  if (named !== undefined) throw notFound(`${named} has no key \`aludel\`.`)
  throw notFound(
    `There is no configuration of aludel in ${cwd}${cwd === path.dirname(cwd) ? '' : ' or above it in the project'}.`,
  )
}

function projectFolders(folder: string): readonly string[] {
  const parent = path.dirname(folder)
  return parent === folder || existsSync(path.join(folder, 'package.json'))
    ? [folder]
    : [folder, ...projectFolders(parent)]
}

/** By a listing: cosmiconfig's own search tries to read all 27 places one after the other (25 ms). */
function present(folder: string): readonly string[] {
  const inConfig = list(path.join(folder, '.config')).map((name) => `.config/${name}`)
  const names = new Set([...list(folder), ...inConfig])
  return searchPlaces.filter((place) => names.has(place)).map((place) => path.join(folder, place))
}

function list(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Undefined for a package.json that has no key `aludel`. */
async function load(
  file: string,
  secrets: readonly string[],
): Promise<{ readonly value: unknown } | undefined> {
  try {
    const module = await import('cosmiconfig')
    // A bundle of a CommonJS package has `default` alone, and under tsx it has all but that.
    const { cosmiconfig, defaultLoaders } = module.default ?? module
    const loadYaml: Loader = (name, text) =>
      /^\s*[^\s#]/m.test(text) ? defaultLoaders['.yaml'](name, text) : undefined
    const explorer = cosmiconfig('aludel', {
      cache: false,
      loaders: {
        ...Object.fromEntries([...moduleExtensions, 'cts'].map((extension) => [`.${extension}`, loadModule])),
        '.json': (_, text) => JSON.parse(text),
        '.yaml': loadYaml,
        '.yml': loadYaml,
        noExt: (name, text) => (isJson(text) ? JSON.parse(text) : loadYaml(name, text)),
      },
    })
    const result = await explorer.load(file)
    // Without a result a package.json has no key, and any other file holds `null`.
    if (!result) return path.basename(file) === 'package.json' ? undefined : { value: undefined }
    return { value: result.isEmpty ? undefined : await valueOf(result.config) }
  } catch (cause) {
    throw failed(file, cause, secrets)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Keeps a module's value from cosmiconfig, which would look into it. */
const exported = Symbol('exported')

const loadModule: Loader = async (file) => {
  try {
    const module: unknown = await import(pathToFileURL(file).href)
    return {
      [exported]:
        typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined,
    }
  } catch (error) {
    // cosmiconfig writes to what it catches.
    throw error instanceof Error ? error : new Error(String(error))
  }
}

async function valueOf(config: unknown): Promise<unknown> {
  const isModule = typeof config === 'object' && config !== null && exported in config
  const value: unknown = await (isModule ? config[exported] : config)
  return typeof value === 'function' ? value() : value
}

function rootOf(file: string): string {
  const folder = path.dirname(file)
  return path.basename(folder) === '.config' && path.basename(file).startsWith('aludelrc')
    ? path.dirname(folder)
    : folder
}

function notFound(message: string, fix = 'npx aludel init'): AludelError {
  return new AludelError('CONFIG_NOT_FOUND', message, { fix })
}

function empty(file: string): AludelError {
  const message = `The configuration ${file} ${isModuleFile(file) ? 'has no default export' : 'is empty'}.`
  return new AludelError('CONFIG_INVALID', message, {
    fix: "export default defineConfig({ url: '…', entities: '…' })",
    details: { file },
  })
}

function failed(file: string, cause: unknown, secrets: readonly string[]): AludelError {
  const message = mask(`The configuration ${file} failed to load: ${sentence(file, cause)}`, secrets)
  const kept = isModuleFile(file) ? { cause } : {}
  return new AludelError('CONFIG_FAILED', message, { ...wayOut(file, cause), ...kept, details: { file } })
}

function isModuleFile(file: string): boolean {
  return /\.[cm]?[jt]s$/.test(file)
}

/** Without what JSON and YAML parsers quote of the file: it may be a password. */
function sentence(file: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [first = '', second = ''] = text.replace(/, (?:\.\.\.)?".*is not valid JSON$/s, '').split('\n')
  return first === `YAML Error in ${file}:` ? second : first
}

function wayOut(file: string, error: unknown): { readonly fix: string } {
  if (!isModuleFile(file) || !file.endsWith('ts') || !(error instanceof SyntaxError))
    return { fix: `Correct ${file}; README, "Configuration", says what it holds.` }
  const isCommonJs = error.message.startsWith('Cannot use import statement outside a module')
  const fix = isCommonJs
    ? `Rename it to ${path.basename(file, '.ts')}.mts: its package is CommonJS.`
    : 'Use only TypeScript whose types can be stripped (no enum, no decorator), or a .mjs file.'
  return { fix }
}
