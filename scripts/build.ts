#!/usr/bin/env node
/** Makes dist/, what the npm package holds: bundled JavaScript, its type declarations, the licences of what is in it. */
import type { Metafile } from 'esbuild'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundle } from './support/bundle.ts'
import { shell } from './support/shell.ts'

const root = path.join(import.meta.dirname, '..')
process.chdir(root)

rmSync('dist', { recursive: true, force: true })
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', thirdPartyLicenses(await bundle(root, 'dist')))
const types = await shell({ stdio: 'inherit', nothrow: true })`tsc --project tsconfig.build.json`
process.exitCode = types.exitCode ?? 1

function thirdPartyLicenses({ outputs }: Metafile): string {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  )
  const texts = [...folders].toSorted().map((folder) => {
    const { name, version, license }: Record<string, unknown> = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    )
    const written = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|3rd-party)/i.test(file))
    const parts = written.toSorted().map((file) => readFileSync(path.join(folder, file), 'utf8').trim())
    return [`${String(name)} ${String(version)} (${String(license)})`, ...parts].join('\n\n')
  })
  return `dist/ contains code of these packages.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}
