/** Bundles the program, what a program imports, and the dialects. Bundled, because MikroORM's 480 files cost four times as much to load one by one; split, because most commands need none. */
import { build, type Metafile, type Plugin } from 'esbuild'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'

/** What packages load only where it is installed. */
const external = ['pg-native', 'cloudflare:sockets', 'dataloader', 'tinyglobby']

/**
 * Gives `await import('a-commonjs-package')` the names that Node gives it; esbuild alone gives it `default` only, so that
 * what runs from the sources would fail in the bundle.
 */
const namedExports: Plugin = {
  name: 'named exports of CommonJS packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, resolveDir }) => {
      if (kind !== 'dynamic-import' || isBuiltin(name) || external.includes(name)) return undefined
      const names = Object.keys(await import(name))
      if (!names.includes('module.exports')) return undefined
      return { path: name, namespace: 'commonjs', pluginData: { names, resolveDir } }
    })
    onLoad({ filter: /^/, namespace: 'commonjs' }, ({ path: name, pluginData: { names, resolveDir } }) => {
      const own = names.filter(
        (exported: string) => !['default', 'module.exports', '__esModule'].includes(exported),
      )
      const lines = [`const all = require(${JSON.stringify(name)})`, `export default all`]
      return { contents: [...lines, `export const { ${own.join(', ')} } = all`].join('\n'), resolveDir }
    })
  },
}

/**
 * Takes from `node:util` only what is used. To import it makes Node look at every name it has, most of which load more: 5 ms of
 * each start.
 */
const quickUtil: Plugin = {
  name: 'only the used names of node:util',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:util$/ }, ({ path: name, kind }) =>
      kind === 'import-statement' ? { path: name, namespace: 'builtin' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'builtin' }, async ({ path: name }) => {
      const names = Object.keys(await import(name)).filter((each) => each !== 'default')
      const lines = names.map((each) => `export const ${each} = /* @__PURE__ */ get('${each}')`)
      return {
        contents: [`const get = (name) => process.getBuiltinModule('${name}')[name]`, ...lines].join('\n'),
      }
    })
  },
}

/** Those that a plugin of somebody else may build on. */
const dialects = ['sqlite', 'postgresql', 'pglite', 'mysql', 'mariadb']

/**
 * It writes the files that differ from those in the folder, each at once: programs may be running from there.
 * @returns which sources each file was made of
 */
export async function bundle(root: string, folder: string): Promise<Metafile> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      aludel: 'scripts/start.ts',
      index: 'src/index.ts',
      ...Object.fromEntries(dialects.map((name) => [`plugin-${name}`, `plugins/${name}/index.ts`])),
    },
    outdir: folder,
    // Beside the entries, so that a path from the file to its package is the same for all.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    minify: true,
    // MikroORM tells classes apart by their names.
    keepNames: true,
    legalComments: 'none',
    external,
    plugins: [namedExports, quickUtil],
    // CommonJS packages call it.
    banner: {
      js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
    },
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  mkdirSync(folder, { recursive: true })
  for (const { path: file, contents } of outputFiles) {
    if (existsSync(file) && readFileSync(file).equals(contents)) continue
    writeFileSync(`${file}.new`, contents)
    renameSync(`${file}.new`, file)
  }
  chmodSync(path.join(folder, 'aludel.js'), 0o755)
  // plugins/sqlite/driver.ts looks for them beside the bundle.
  const prebuilds = path.join(folder, 'prebuilds')
  if (!existsSync(prebuilds))
    cpSync(path.join(root, 'node_modules/better-sqlite3/prebuilds'), prebuilds, { recursive: true })
  return metafile
}
