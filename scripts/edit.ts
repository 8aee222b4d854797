import path from 'node:path'
import { edit } from '../src/commands/edit.ts'
import type { Command } from './support/command.ts'
import { openEditor } from './support/editor.ts'

export const command: Command = {
  usage: 'edit [target …]',
  summary: 'Open the file of a revision in your editor (default head).',
  details:
    'Target: head, heads, an id or a unique prefix of one, a branch label, billing@head; current: what the database has.\n' +
    'The editor is that of VISUAL, else EDITOR, else one that is found here. Afterwards the whole history is read again.',
  options: {},
  positionals: Number.POSITIVE_INFINITY,
  run: async ({ positionals, settings, env, cwd }) => {
    const result = await edit(await settings(), {
      targets: positionals.length === 0 ? ['head'] : positionals,
      open: (files) => openEditor(files, env),
    })
    return {
      json: result,
      lines: result.files.map(
        (file) => `${file.changed ? 'Changed' : 'Unchanged'}: ${path.relative(cwd, file.path)}`,
      ),
    }
  },
}
