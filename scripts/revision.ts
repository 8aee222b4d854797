import type { Rename } from '../src/commands/rename.ts'
import { revision } from '../src/commands/revision.ts'
import { AludelError } from '../src/errors.ts'
import { type Command, type Input, usage } from './support/command.ts'
import { versionPath, written } from './support/new-file.ts'

export const command: Command = {
  usage: 'revision',
  summary: 'Write a new revision file.',
  details:
    'It follows the head. With several heads say which: --head billing@head, an id or a prefix of one. `heads` merges them\n' +
    'all, `base` begins a history of its own. --splice lets it follow what is no head: a new branch.\n' +
    'A database that has its tables is taken over by --autogenerate --from-empty, then `aludel stamp head`.',
  options: {
    message: {
      type: 'string',
      short: 'm',
      value: 'text',
      help: 'What it does; asked for on a terminal when missing.',
    },
    autogenerate: {
      type: 'boolean',
      help: 'Compare the entities with the database; without it the revision is empty.',
    },
    'from-empty': {
      type: 'boolean',
      help: 'With --autogenerate: as if the database were empty, to take over one that has its tables.',
    },
    rename: {
      type: 'string',
      multiple: true,
      value: 'users.phone:phone_number',
      help: 'With --autogenerate: this column, or table (`users:accounts`), was renamed. Repeatable.',
    },
    'rev-id': { type: 'string', value: 'id', help: 'Use this id instead of a random one.' },
    head: { type: 'string', value: 'target', help: 'What it follows (default head).' },
    splice: { type: 'boolean', help: 'Let it follow also what something else follows.' },
    'branch-label': {
      type: 'string',
      multiple: true,
      value: 'label',
      help: 'Name the branch that it begins: it and what follows it. Repeatable.',
    },
    'depends-on': {
      type: 'string',
      multiple: true,
      value: 'target',
      help: 'What has to be applied before it though it follows it not: an id, a label. Repeatable.',
    },
    'version-path': {
      type: 'string',
      value: 'folder',
      help: 'Which of several migrations folders (default that of what it follows).',
    },
  },
  positionals: 0,
  run: async (input) => {
    const { flags, settings, caller } = input
    const autogenerate = flags.has('autogenerate')
    if (!autogenerate && (flags.has('from-empty') || flags.texts('rename').length > 0)) {
      throw usage('revision', '--from-empty and --rename go with --autogenerate')
    }
    const renames = flags.texts('rename').map(parseRename)
    const loaded = await settings()
    const result = await revision(
      loaded,
      {
        message: await messageOf(input),
        autogenerate,
        fromEmpty: flags.has('from-empty'),
        revId: flags.text('rev-id'),
        renames,
        head: flags.text('head'),
        splice: flags.has('splice'),
        branchLabels: flags.texts('branch-label'),
        dependsOn: flags.texts('depends-on'),
        versionPath: versionPath(input, loaded),
      },
      caller,
    )
    for (const warning of result.warnings) input.note(`Note: ${warning}`)
    const lines =
      result.path === null
        ? ['Nothing to generate: the database is what the entities want.']
        : written(input, result, result.operations === 1 ? '1 operation' : `${result.operations} operations`)
    return { json: result, lines }
  },
}

async function messageOf({ flags, interactive }: Input): Promise<string> {
  const given = flags.text('message')
  if (given !== undefined && given.trim() !== '') return given
  if (interactive) {
    const { question } = await import('zx')
    const answer = await question('Message of the new revision: ')
    if (answer.trim() !== '') return answer
  }
  throw new AludelError('MESSAGE_MISSING', 'A revision needs a message.', {
    state: 'Nothing was written.',
    fix: 'make migrate-create msg="Add address to users", or --message on the command line.',
  })
}

/** `users.phone:phone_number` or `users:accounts`. */
function parseRename(text: string): Rename {
  const [, table, column, to] = /^([^.:]+)(?:\.([^:]+))?:(.+)$/.exec(text) ?? []
  if (table === undefined || to === undefined) {
    throw usage('revision', `--rename is \`${text}\`; it must be table.column:new_name, or table:new_name`)
  }
  // `users.phone:users.phone_number` is meant as it reads.
  const name = column !== undefined && to.startsWith(`${table}.`) ? to.slice(table.length + 1) : to
  return { table, to: name, ...(column === undefined ? {} : { column }) }
}
