import { merge } from '../src/commands/merge.ts'
import type { Command } from './support/command.ts'
import { versionPath, withWriteHooks, written } from './support/new-file.ts'

export const command: Command = {
  usage: 'merge <revision …>',
  summary: 'Write a revision that joins branches: `merge heads` joins them all.',
  details:
    'Revision: heads, an id or a unique prefix of one, a branch label, billing@head. The new one follows them all and changes\n' +
    'nothing by itself; what two branches changed in different ways is put right in its `upgrade`.',
  options: {
    message: { type: 'string', short: 'm', value: 'text', help: 'Default: merge, and what is merged.' },
    'branch-label': {
      type: 'string',
      multiple: true,
      value: 'label',
      help: 'Name the branch that it begins: it and what follows it. Repeatable.',
    },
    'rev-id': { type: 'string', value: 'id', help: 'Use this id instead of a random one.' },
    splice: { type: 'boolean', help: 'Merge also revisions that something else follows.' },
    'version-path': {
      type: 'string',
      value: 'folder',
      help: 'Which of several migrations folders (default that of the first that is merged).',
    },
  },
  positionals: Number.POSITIVE_INFINITY,
  required: 'a revision, or `heads`,',
  run: async (input) => {
    const { positionals: revisions, flags, settings, caller } = input
    const loaded = await settings()
    const message = flags.text('message')
    const wrote = await merge(
      loaded,
      {
        revisions,
        message: message?.trim() === '' ? undefined : message,
        branchLabels: flags.texts('branch-label'),
        revId: flags.text('rev-id'),
        splice: flags.has('splice'),
        versionPath: versionPath(input, loaded),
      },
      caller,
    )
    const result = await withWriteHooks(input, loaded, wrote)
    for (const warning of result.warnings) input.note(`Note: ${warning}`)
    const merged = result.downRevision.join(', ')
    return { json: result, lines: written(input, result, `merges ${merged === '' ? 'nothing' : merged}`) }
  },
}
