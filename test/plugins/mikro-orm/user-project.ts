import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterTest } from '../../support/cleanup.ts'

/**
 * Makes a user's project, gone after the test.
 * @param options.packages default true: this repository's, so that MikroORM is installed
 */
export function userProject(
  files: Readonly<Record<string, string>>,
  { packages = true }: { readonly packages?: boolean } = {},
): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'aludel_test_entities_')))
  afterTest(() => rmSync(root, { recursive: true, force: true }))
  if (packages)
    symlinkSync(path.join(import.meta.dirname, '../../../node_modules'), path.join(root, 'node_modules'))
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  return root
}
