import { existsSync } from 'node:fs'
import path from 'node:path'
import { init } from '../src/commands/init.ts'
import { AludelError } from '../src/errors.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'init',
  summary: 'Make the project ready: configuration, migrations folder, make targets. Overwrites nothing.',
  options: {},
  positionals: 0,
  run: async ({ cwd, settings }) => {
    const found = await settings().catch((error: unknown) => {
      if (error instanceof AludelError && error.code === 'CONFIG_NOT_FOUND') return undefined
      throw error
    })
    const result = init({ root: projectRoot(cwd), settings: found })
    return {
      json: result,
      lines: [
        ...result.written.map((file) => `wrote ${file}`),
        ...result.kept.map((file) => `kept ${file}`),
        ...result.hints,
      ],
    }
  },
}

/** The nearest folder with a package.json, else this one. */
function projectRoot(cwd: string): string {
  for (let at = cwd; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at
    if (at === path.dirname(at)) return cwd
  }
}
