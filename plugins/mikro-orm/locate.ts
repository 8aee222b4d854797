/** Finds the files that patterns, paths and package names mean. */
import { existsSync, statSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { resolvePackage } from '../resolve-package.ts'

const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

export interface Located {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[]
  /** Patterns that no file matches. */
  readonly unmatched: readonly string[]
}

/**
 * Expands globs, folders (every module in them), paths with or without extension, and package names; `!` excludes.
 * Declaration files and, unless the pattern names it, node_modules are left out.
 * @param base absolute; what patterns are relative to
 */
export async function locate(patterns: readonly string[], base: string): Promise<Located> {
  const found = new Set<string>()
  const unmatched: string[] = []
  for (const pattern of patterns.filter((each) => !each.startsWith('!'))) {
    const files = await expand(pattern, base)
    if (files.length === 0) unmatched.push(pattern)
    for (const file of files) found.add(file)
  }
  for (const pattern of patterns.filter((each) => each.startsWith('!'))) {
    for (const file of await expand(pattern.slice(1), base)) found.delete(file)
  }
  return { files: [...found].toSorted(), unmatched }
}

async function expand(pattern: string, base: string): Promise<readonly string[]> {
  const path = resolve(base, pattern)
  const file = ['', ...extensions].map((extension) => path + extension).find(isFile)
  if (file) return [file]
  if (existsSync(path)) return modulesOf('**', path)
  if (/[*?[\]{}]/.test(pattern)) return modulesOf(pattern, base)
  const inPackage = await resolvePackage(pattern, base)
  return inPackage ? [inPackage] : []
}

async function modulesOf(pattern: string, cwd: string): Promise<readonly string[]> {
  const files: string[] = []
  for await (const entry of glob(pattern, { cwd, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const isModule = extensions.some((extension) => file.endsWith(extension)) && !/\.d\.[cm]?ts$/.test(file)
    const isForeign = /[\\/]node_modules[\\/]/.test(file) && !join(cwd, pattern).includes('node_modules')
    if (isModule && !isForeign && isFile(file)) files.push(file)
  }
  return files
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
