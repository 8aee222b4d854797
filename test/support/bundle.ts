/** Bundles aludel as it is published before the first test, and again when sources changed while vitest watches. */
import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundle } from '../../scripts/support/bundle.ts'
import { packed } from './program.ts'

const repository = path.join(import.meta.dirname, '..', '..')

/** Vitest calls it before the run. */
export default async function setup(project: TestProject): Promise<void> {
  await pack()
  project.onTestsRerun(pack)
}

async function pack(): Promise<void> {
  mkdirSync(packed, { recursive: true })
  for (const name of ['package.json', 'aludel.mk'])
    copyFileSync(path.join(repository, name), path.join(packed, name))
  await bundle(repository, path.join(packed, 'dist'))
}
