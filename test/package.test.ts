import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { version } from '../src/version.ts'

const read = (name: string) => JSON.parse(readFileSync(path.join(import.meta.dirname, '..', name), 'utf8'))
const manifest: Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>> & {
  version: string
} = read('package.json')
const { packages }: { packages: Readonly<Record<string, LockedPackage>> } = read('package-lock.json')

interface LockedPackage {
  readonly version: string
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

test('the version that aludel tells is that of the package', () => {
  expect(version).toBe(manifest.version)
})

test('every package of MikroORM is pinned to the same version', () => {
  const versions = Object.entries(manifest.devDependencies).filter(([name]) => name.startsWith('@mikro-orm/'))
  expect(new Set(versions.map(([, pinned]) => pinned))).toEqual(new Set(['7.2.1']))
  expect(versions.length).toBeGreaterThan(3)
})

test('an installation brings nothing but what cannot be in the bundle', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(['kysely'])
})

test('the drivers are those of MikroORM, so that the bundle holds one copy', () => {
  const copies = (name: string) => Object.keys(packages).filter((key) => key.endsWith(`node_modules/${name}`))
  for (const name of ['pg', 'mysql2', 'kysely', 'better-sqlite3', '@electric-sql/pglite'])
    expect(copies(name)).toEqual([`node_modules/${name}`])
})

describe('the lock file', () => {
  test('names no registry', () => {
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  // Where a registry lacks the packages of some platforms, npm leaves them out, and `npm ci` then fails everywhere.
  test('names the packages of every platform', () => {
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter(
        (name) => !Object.keys(packages).some((key) => key.endsWith(`node_modules/${name}`)),
      ),
    )
    expect(missing).toEqual([])
  })
})
