import { version } from '../src/version.ts'
import { type Command, type Option, commonOptions, usage } from './support/command.ts'
import { commands } from './support/commands.ts'

/** Summaries stand here so that help loads no other script; a test compares them with the scripts. */
export const summaries: Readonly<Record<string, string>> = {
  init: 'Make the project ready: configuration, migrations folder, make targets. Overwrites nothing.',
  revision: 'Write a new revision file.',
  merge: 'Write a revision that joins branches: `merge heads` joins them all.',
  upgrade: 'Apply revisions up to the target (default head).',
  downgrade: 'Take revisions back down to the target (default -1).',
  current: 'Show where the database is.',
  history: 'List the revisions, newest first.',
  heads: 'List the revisions that nothing follows.',
  branches: 'List the revisions that several others follow.',
  show: 'Show one revision or several (default head).',
  edit: 'Open the file of a revision in your editor (default head).',
  log: 'List what was done to the database: who, when, how long, how it ended.',
  lock: 'Say who holds the lock of the database: which process, since when, for which revision.',
  stamp: 'Record revisions as applied, or not, without running them.',
  repair: 'Say how far a half done step is, when aludel cannot find out.',
  accept: 'Record the present content of edited files as what was applied.',
  check: 'Compare entities, history and database; exit 3 when they differ.',
  adopt: "Take over the migrations of MikroORM's own migrator, and what is applied of them.",
  'ensure-version': "Make the tables of aludel's ledger where they are missing; nothing else.",
  help: 'List the commands, or explain one.',
}

export const command: Command = {
  usage: 'help [command]',
  summary: 'List the commands, or explain one.',
  options: {},
  positionals: 1,
  run: async ({ positionals: [name] }) => {
    if (name === undefined) return { json: { version, commands: summaries }, lines: overview() }
    if (!Object.hasOwn(summaries, name)) throw usage('help', `there is no command \`${name}\``)
    const explained = (await commands[name]?.())?.command ?? command
    return {
      json: { version, command: name, usage: explained.usage, options: explained.options },
      lines: explain(explained),
    }
  },
}

function overview(): readonly string[] {
  return [
    `aludel ${version}: schema migrations as a graph of revisions, from MikroORM entities.`,
    '',
    'Usage: aludel <command> [options]',
    '',
    ...Object.entries(summaries).map(([name, summary]) => `  ${name.padEnd(14)} ${summary}`),
    '',
    ...optionLines(commonOptions),
    '',
    'aludel help <command> explains one. Exit status: 0 done, 1 a step failed, 2 usage, 3 behind or different,',
    '4 history not valid, 5 half done, 6 lock not obtained, 7 database unreachable, 70 a revision ended the process.',
  ]
}

function explain({ usage: use, summary, details, options }: Command): readonly string[] {
  return [
    `Usage: aludel ${use}`,
    '',
    summary,
    ...(details === undefined ? [] : [details]),
    '',
    ...optionLines({ ...options, ...commonOptions }),
  ]
}

function optionLines(options: Readonly<Record<string, Option>>): readonly string[] {
  return Object.entries(options).map(([name, { short, value, help }]) => {
    const flag = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`
    return flag.length > 24 ? `  ${flag}\n${' '.repeat(28)}${help}` : `  ${flag.padEnd(25)} ${help}`
  })
}
