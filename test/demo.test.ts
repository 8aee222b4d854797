import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { afterTest } from './support/cleanup.ts'

test(
  'the demo does all that it tells where nothing but make and Node are to be found, not even bash',
  {
    timeout: 120_000,
  },
  () => {
    const bin = mkdtempSync(path.join(tmpdir(), 'aludel_test_bin_'))
    afterTest(() => rmSync(bin, { recursive: true }))
    for (const name of ['make', 'node']) symlinkSync(find(name), path.join(bin, name))
    const { status, stdout, stderr } = spawnSync(path.join(bin, 'make'), ['--no-print-directory', 'demo'], {
      cwd: path.join(import.meta.dirname, '..'),
      env: { PATH: bin },
      encoding: 'utf8',
    })
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
    const [, left = ''] = /The demo did all that it told\. Look at it in (\S+)/.exec(stdout) ?? []
    expect(left).not.toBe('')
    rmSync(left, { recursive: true })
  },
)

function find(name: string): string {
  const places = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name))
  const found = places.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error(`there is no ${name} on PATH`)
  return found
}
