import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterTest } from '../support/cleanup.ts'

/** Makes a folder with these files, gone after the test; unlike a project it has no packages, which take time to link. */
export function files(contents: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aludel_test_files_')))
  afterTest(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries({ 'package.json': '{ "type": "module" }', ...contents })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}
