/** What a command is, and how its arguments are read. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Caller } from '../../src/commands/project.ts'
import type { Settings } from '../../src/config.ts'
import { AludelError } from '../../src/errors.ts'
import type { Line, Screen } from './paint.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  /** What a value stands for in help: `message`. */
  readonly value?: string
  readonly help: string
}

export interface Command {
  /** After `aludel`: `upgrade [target]`. */
  readonly usage: string
  readonly summary: string
  /** More for `aludel help <command>`: what the arguments mean. */
  readonly details?: string
  readonly options: Readonly<Record<string, Option>>
  /** How many words may follow the command's name. */
  readonly positionals: number
  /** What the first of them is, where there must be one: `a target`. */
  readonly required?: string
  run(input: Input): Promise<Output>
}

export interface Input {
  readonly positionals: readonly string[]
  readonly flags: Flags
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** A person can be asked. */
  readonly interactive: boolean
  /** Where a person sees stdout; undefined when a program or a file gets it. */
  screen(): Screen | undefined
  /** Finds and reads the configuration. */
  settings(): Promise<Settings>
  /** What the run takes from outside; its events are printed to stderr. */
  readonly caller: Caller
  /** A line for people on stderr: progress, hints. */
  note(line: string): void
}

export interface Output {
  /** The document of `--json`. */
  readonly json: unknown
  /** For people, on stdout. */
  readonly lines: readonly string[]
  /** Behind them on a screen. */
  readonly picture?: readonly Line[]
  /** Printed instead of them, to the letter; `sql` in the document of `--json`. */
  readonly script?: string
  /** Default 0. */
  readonly exitCode?: number
}

/** Values of options, by name; a repeated one as a list. */
export interface Flags {
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  has(name: string): boolean
}

/** Options that every command takes. */
export const commonOptions: Readonly<Record<string, Option>> = {
  config: { type: 'string', value: 'file', help: 'Use this configuration file (also ALUDEL_CONFIG).' },
  url: {
    type: 'string',
    value: 'url',
    help: 'Use this database (also ALUDEL_DATABASE_URL, DIRECT_URL, DATABASE_URL).',
  },
  dialect: { type: 'string', value: 'name', help: 'Use this dialect instead of the one that the URL means.' },
  'lock-wait': { type: 'string', value: 'seconds', help: 'Wait this long for other runners (default 240).' },
  'connect-timeout': {
    type: 'string',
    value: 'seconds',
    help: 'Go on trying to connect for this long (default 60; 0: once).',
  },
  'lock-timeout': {
    type: 'string',
    value: 'seconds',
    help: 'Wait this long for a table in use, then roll back and try again (default 5).',
  },
  json: { type: 'boolean', help: 'Print one JSON document on stdout.' },
  debug: { type: 'boolean', help: 'Print the stack of an error.' },
  help: { type: 'boolean', short: 'h', help: 'Print help.' },
}

const relativeTarget = /^[-+]\d+$/
/** What `-r` may be given: `-3:current`. As a word it means nothing. */
const relativeRange = /^-\d+:/
const protector = '\u0000'

/**
 * Reads the arguments behind a command's name; every value stays the text that was typed.
 * @throws {AludelError} USAGE
 */
export function parseArguments(
  name: string,
  command: Command,
  args: readonly string[],
): Pick<Input, 'positionals' | 'flags'> {
  const options = { ...commonOptions, ...command.options }
  const config: ParseArgsConfig['options'] = Object.fromEntries(
    Object.entries(options).map(([key, { type, short, multiple }]) => [
      key,
      { type, multiple: multiple ?? false, ...(short === undefined ? {} : { short }) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      // `-1` is a target, not a flag.
      args: args.map((arg, at) =>
        relativeTarget.test(arg) || (relativeRange.test(arg) && takesValue(options, args[at - 1]))
          ? protector + arg
          : arg,
      ),
      options: config,
      allowPositionals: true,
      strict: true,
    })
    const words = positionals.map((word) => word.replace(protector, ''))
    if (words.length > command.positionals) {
      throw usage(name, `\`${words[command.positionals]}\` is one word too many`)
    }
    if (command.required !== undefined && words.length === 0) {
      throw usage(name, `${command.required} is missing`)
    }
    return { positionals: words, flags: flagsOf(values) }
  } catch (cause) {
    if (cause instanceof AludelError) throw cause
    throw usage(
      name,
      cause instanceof Error ? cause.message.replace(/\.$/, '').replaceAll(protector, '') : String(cause),
    )
  }
}

/** Whether what follows an argument is its value. */
function takesValue(options: Command['options'], arg: string | undefined): boolean {
  return Object.entries(options).some(
    ([name, { type, short }]) =>
      type === 'string' && (arg === `--${name}` || (short !== undefined && arg === `-${short}`)),
  )
}

export function usage(name: string, why: string): AludelError {
  return new AludelError('USAGE', `aludel ${name}: ${why}.`, {
    fix: `\`aludel help ${name}\` lists what it takes.`,
  })
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function flagsOf(values: Values): Flags {
  const texts = (name: string): readonly string[] => {
    const value = values[name]
    const list = Array.isArray(value) ? value : [value]
    return list.filter((each) => typeof each === 'string').map((each) => each.replace(protector, ''))
  }
  return { texts, text: (name) => texts(name).at(-1), has: (name) => values[name] === true }
}
