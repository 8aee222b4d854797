import { revision } from '../src/commands/revision.ts'
import { AludelError } from '../src/errors.ts'
import { askRename } from './support/ask-rename.ts'
import { type Command, type Input, usage } from './support/command.ts'
import { versionPath, withWriteHooks, written } from './support/new-file.ts'

export const command: Command = {
  usage: 'revision',
  summary: 'Write a new revision file.',
  details:
    'It follows the head. With several heads say which: --head billing@head, an id or a prefix of one. `heads` merges them\n' +
    'all, `base` begins a history of its own. --splice lets it follow what is no head: a new branch.\n' +
    'A database that has its tables is taken over by --autogenerate --from-empty, then `aludel stamp head`.\n' +
    'Renamed may be a column (users.phone:phone_number), a table (users:people), an index (users.ix_a:ix_b), or a value of\n' +
    'an enum type (mood#sad:low) or a column (users.mood#sad:low); a name that means two of them is told apart by column:,\n' +
    'table:, index: or value: before it.',
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
    'from-history': {
      type: 'boolean',
      help: 'With --autogenerate: compare with what the revisions make in memory, not with a database.',
    },
    rename: {
      type: 'string',
      multiple: true,
      value: 'users.phone:phone_number',
      help: 'With --autogenerate: this was renamed (see below). Repeatable; on a terminal you are asked.',
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
    const fromHistory = flags.has('from-history')
    const isGenerating = flags.has('from-empty') || fromHistory || flags.texts('rename').length > 0
    if (!autogenerate && isGenerating) {
      throw usage('revision', '--from-empty, --from-history and --rename go with --autogenerate')
    }
    if (fromHistory && flags.has('from-empty')) {
      throw usage('revision', 'either --from-empty or --from-history')
    }
    const renames = flags.texts('rename').map((typed) => ({ typed }))
    const unclear = renames.find(({ typed }) => !/^[^:]+:./s.test(typed))
    if (unclear) {
      throw usage(
        'revision',
        `--rename is \`${unclear.typed}\`; it must be table.column:new_name, or table:new_name`,
      )
    }
    const loaded = await settings()
    const wrote = await revision(
      loaded,
      {
        message: await messageOf(input),
        autogenerate,
        fromEmpty: flags.has('from-empty'),
        fromHistory,
        revId: flags.text('rev-id'),
        renames,
        ...(input.interactive && autogenerate ? { ask: askRename(input) } : {}),
        head: flags.text('head'),
        splice: flags.has('splice'),
        branchLabels: flags.texts('branch-label'),
        dependsOn: flags.texts('depends-on'),
        versionPath: versionPath(input, loaded),
      },
      caller,
    )
    const result = await withWriteHooks(input, loaded, wrote)
    for (const warning of result.warnings) input.note(`Note: ${warning}`)
    const lines =
      result.path === null
        ? [
            result.dropped
              ? 'Nothing was written: `processRevision` of the configuration left no operation.'
              : `Nothing to generate: ${fromHistory ? 'the history makes' : 'the database is'} what the entities want.`,
          ]
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
