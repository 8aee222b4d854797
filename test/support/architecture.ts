/** Reads what every source file imports and says what breaks the layers. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Expression, parseSync, Visitor } from 'oxc-parser'

interface Layer {
  /** The layers that it may import, besides itself. */
  readonly layers: readonly string[]
  /** Those that it may import by `import()` only. */
  readonly lazyLayers?: readonly string[]
  readonly packages?: RegExp
  /** Those that it may import with `import type` only. */
  readonly typePackages?: RegExp
  /** It may print, read the environment and end the process. */
  readonly process?: RegExp
}

const core = [
  ['src/errors.ts', 'src/version.ts'],
  ['src/schema', 'src/graph'],
  ['src/operations'],
  ['src/dialect.ts'],
  ['src/config.ts'],
  ['src/revision'],
  ['src/database'],
  ['src/commands'],
  ['src/index.ts'],
]

const databases = '@mikro-orm/|mikro-orm$|kysely$|pg$|pg-|mysql2|better-sqlite3$|@electric-sql/'

/** A layer is a folder or a single file. */
const layers: Readonly<Record<string, Layer>> = {
  ...Object.fromEntries(
    core.flatMap((names, rank) => names.map((name) => [name, { layers: core.slice(0, rank).flat() }])),
  ),
  'src/operations': { layers: core.slice(0, 2).flat(), typePackages: /^kysely$/ },
  'src/index.ts': { layers: [...core.slice(0, -1).flat(), 'config'], process: /^process\.env$/ },
  plugins: {
    layers: ['src/errors.ts', 'src/schema', 'src/operations', 'src/dialect.ts'],
    packages: new RegExp(`^(${databases})`),
  },
  config: {
    layers: ['src/errors.ts', 'src/schema', 'src/dialect.ts', 'src/config.ts'],
    lazyLayers: ['plugins'],
    packages: /^cosmiconfig$/,
  },
  'scripts/support/shell.ts': { layers: [], packages: /^zx$/ },
  'scripts/demo.ts': {
    layers: ['scripts/support/shell.ts'],
    // It looks for itself whether aludel did what it says.
    packages: /^better-sqlite3$/,
    process: /^/,
  },
  scripts: {
    layers: [...core.flat(), 'config', 'plugins', 'scripts/support/shell.ts'],
    packages: new RegExp(`^(?!${databases})`),
    process: /^/,
  },
}

interface Import {
  readonly line: number
  /** As written: `./a.ts`, `node:fs`, `zx`. */
  readonly name: string
  readonly kind: 'static' | 'type' | 'lazy'
}

/**
 * Checks every TypeScript file of the layers under `root`, type-only imports included.
 * @returns how many files were read, and one line a fault: `file:line what`
 */
export function checkArchitecture(root: string): { files: number; faults: string[] } {
  const files = globSync('{src,config,plugins,scripts}/**/*.ts', { cwd: root }).map(posix).toSorted()
  const graph = new Map<string, readonly string[]>()
  const faults = files.flatMap((file) => {
    const name = layerOf(file)
    const layer = name === undefined ? undefined : layers[name]
    if (name === undefined || layer === undefined) return [`${file}:1 is in no layer`]
    const { imports, globals } = read(file, readFileSync(path.join(root, file), 'utf8'))
    graph.set(
      file,
      imports.filter(isRelative).map(({ name: to }) => resolve(file, to)),
    )
    return [
      ...imports.flatMap((found) => {
        const fault = isRelative(found)
          ? wrongLayer(name, file, found, files)
          : wrongPackage(layer, name, found)
        return fault === undefined ? [] : [`${file}:${found.line} imports ${found.name}: ${fault}`]
      }),
      ...globals
        .filter((used) => !layer.process?.test(used.name))
        .map((used) => `${file}:${used.line} uses ${used.name}: only scripts may`),
    ]
  })
  return { files: files.length, faults: [...faults, ...cycles(graph)] }
}

function wrongLayer(name: string, file: string, { name: to, kind }: Import, files: readonly string[]) {
  const target = resolve(file, to)
  if (!files.includes(target)) return `there is no ${target}`
  const targetLayer = layerOf(target) ?? target
  const layer = layers[name]
  if (targetLayer === name || layer?.layers.includes(targetLayer)) return undefined
  if (!layer?.lazyLayers?.includes(targetLayer)) return `${name} may not know ${targetLayer}`
  return kind === 'lazy' ? undefined : `${name} may load ${targetLayer} by import() only`
}

function wrongPackage(layer: Layer, name: string, { name: to, kind }: Import): string | undefined {
  if (to.startsWith('node:')) return to === 'node:process' && !layer.process ? 'only scripts may' : undefined
  if (layer.packages?.test(to)) return undefined
  if (!layer.typePackages?.test(to)) return `${name} may not know this package`
  return kind === 'type' ? undefined : `${name} may import its types only`
}

/** It finds imports of every form, and what is used of the process and the console. */
function read(file: string, text: string) {
  const imports: Import[] = []
  const globals: { line: number; name: string }[] = []
  const add = (kind: Import['kind'], source: { value: unknown; start: number } | null) => {
    if (typeof source?.value === 'string')
      imports.push({ line: lineAt(source.start), name: source.value, kind })
  }
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`)
  new Visitor({
    ImportDeclaration: (node) => add(node.importKind === 'type' ? 'type' : 'static', node.source),
    ExportAllDeclaration: (node) => add(node.exportKind === 'type' ? 'type' : 'static', node.source),
    ExportNamedDeclaration: (node) => add(node.exportKind === 'type' ? 'type' : 'static', node.source),
    ImportExpression: (node) => add('lazy', literal(node.source)),
    TSImportType: (node) => add('type', node.source),
    MemberExpression({ object, property, start }) {
      if (object.type !== 'Identifier' || property.type === 'PrivateIdentifier') return
      const key = property.type === 'Identifier' ? property.name : literal(property)?.value
      if (object.name === 'console') globals.push({ line: lineAt(start), name: 'console' })
      if (
        object.name === 'process' &&
        /^(env|argv|exit|exitCode|abort|stdin|stdout|stderr)$/.test(String(key))
      ) {
        globals.push({ line: lineAt(start), name: `process.${String(key)}` })
      }
    },
  }).visit(program)
  return { imports, globals }
}

function literal(node: Expression): { value: unknown; start: number } | null {
  if (node.type === 'Literal') return { value: node.value, start: node.start }
  if (node.type !== 'TemplateLiteral' || node.quasis.length !== 1) return null
  return { value: node.quasis[0]?.value.cooked, start: node.start }
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
    if (trail.includes(file) || done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return found.map((cycle) => `cycle: ${cycle}`)
}

const isRelative = ({ name }: Import) => name.startsWith('.')
const posix = (file: string) => file.replaceAll(path.sep, '/')
const resolve = (from: string, to: string) => path.posix.join(path.posix.dirname(from), to)
const layerOf = (file: string) =>
  Object.keys(layers).find((name) => file === name || file.startsWith(`${name}/`))
