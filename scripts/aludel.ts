#!/usr/bin/env node
/** The `aludel` program: finds the command's script, prints what it gives, sets the exit status. */
import { userInfo } from 'node:os'
import type { Settings } from '../src/config.ts'
import { AludelError, exitCodes } from '../src/errors.ts'
import { version } from '../src/version.ts'
import { type Input, commonOptions, parseArguments } from './support/command.ts'
import { commands } from './support/commands.ts'
import { refuseExit, watchProcess } from './support/early-end.ts'
import { eventLine } from './support/event-line.ts'
import { screenOf } from './support/screen.ts'
import { asAludelError, errorDocument, errorLines } from './support/report.ts'
import { stopPoints } from './support/stop-points.ts'
import { type Terminal, openTerminal } from './support/terminal.ts'

const now = (): Date => new Date()

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await guard.during(() => runCommand(args, terminal))
  } catch (thrown) {
    const error = asAludelError(thrown)
    if (isGiven(args, '--json')) terminal.errorJson(errorDocument(error))
    else
      for (const [at, line] of errorLines(error).entries())
        if (at === 0) terminal.alarm(line)
        else terminal.note(line)
    if (isGiven(args, '--debug')) terminal.note(stackOf(error))
    return error.exitCode
  }
}

/** What follows `--` is no option. */
function isGiven(args: readonly string[], ...names: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end === -1 ? undefined : end).some((arg) => names.includes(arg))
}

async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { env } = process
  for (const name of ['ALUDEL_DATABASE_URL', 'DIRECT_URL', 'DATABASE_URL']) terminal.protect(env[name])
  protectArguments(args, terminal)
  const [typed = 'help', ...rest] = args
  // Alembic's own spelling: `ensure_version`.
  const first = typed.replaceAll('_', '-')
  const json = isGiven(args, '--json')
  if (first === '--version' || first === '-V') {
    if (json) terminal.json({ version })
    else terminal.out(version)
    return 0
  }
  const asksHelp = isGiven(args, '--help', '-h')
  const name = asksHelp ? 'help' : first
  const load =
    name === 'help' ? () => import('./help.ts') : Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    throw new AludelError('USAGE', `There is no command \`${typed}\`.`, {
      fix: '`aludel help` lists the commands.',
      details: { command: typed },
    })
  }
  const { command } = await load()
  const helped = [...(first.startsWith('-') || first === 'help' ? [] : [first]), ...(json ? ['--json'] : [])]
  const { positionals, flags } = parseArguments(name, command, asksHelp ? helped : rest)
  const input: Input = {
    positionals,
    flags,
    cwd: process.cwd(),
    env,
    interactive: process.stdin.isTTY && process.stderr.isTTY && !env['CI'] && !json,
    screen: () => (json ? undefined : screenOf(process.stdout, env)),
    settings: () => settings(flags, terminal),
    caller: {
      now,
      actor: actorOf(env),
      version,
      guard,
      at,
      onEvent: (event) => {
        const line = eventLine(event)
        if (line !== undefined) terminal.note(line)
      },
    },
    note: terminal.note,
  }
  const output = await command.run(input)
  if (output.script !== undefined) terminal.script(output.script, json ? output.json : undefined)
  else if (json) terminal.json(output.json)
  else {
    // At once: to write 10,000 lines one by one takes as long as to read their files.
    if (output.lines.length > 0) terminal.out(output.lines.join('\n'))
    const screen = output.picture ? input.screen() : undefined
    if (screen && output.picture) terminal.draw(output.picture, screen)
  }
  return output.exitCode ?? 0
}

async function settings(flags: Input['flags'], terminal: Terminal): Promise<Settings> {
  const { loadSettings } = await import('../config/load.ts')
  const [config, url, dialect] = ['config', 'url', 'dialect'].map((name) => given(flags, name))
  const loaded = await loadSettings({
    cwd: process.cwd(),
    env: process.env,
    ...(config === undefined ? {} : { config }),
    ...(url === undefined ? {} : { url }),
    ...(dialect === undefined ? {} : { dialect }),
  })
  terminal.protect(loaded.scratchUrl)
  const seconds = (name: string): number | undefined => secondsOf(flags, name)
  const [lockWait, lockTimeout] = [seconds('lock-wait'), seconds('lock-timeout')]
  const connectTimeout = seconds('connect-timeout')
  return {
    ...loaded,
    ...(lockWait === undefined ? {} : { lockWait }),
    ...(lockTimeout === undefined ? {} : { lockTimeout }),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
    onRetry: (retry) => terminal.note(eventLine(retry) ?? ''),
    url: async () => {
      const found = await loaded.url()
      terminal.protect(found)
      return found
    },
  }
}

/** An empty value is a variable that was not set: another database must not be taken instead. */
function given(flags: Input['flags'], name: string): string | undefined {
  const value = flags.text(name)
  if (value === undefined || value.trim() !== '') return value
  throw new AludelError('USAGE', `--${name} is empty.`, {
    state: 'Nothing was read or changed.',
    fix: `Give it a value, or leave it out.`,
  })
}

/** Milliseconds. */
function secondsOf(flags: Input['flags'], name: string): number | undefined {
  const text = flags.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && Number.isFinite(value)) return value * 1000
  throw new AludelError('USAGE', `--${name} is \`${text}\`; it must be a number of seconds.`, {
    fix: `For example --${name} 60.`,
  })
}

function protectArguments(args: readonly string[], terminal: Terminal): void {
  for (const [at, arg] of args.entries()) {
    if (arg === '--url') terminal.protect(args[at + 1])
    if (arg.startsWith('--url=')) terminal.protect(arg.slice('--url='.length))
  }
}

/** Who runs this, for the ledger: what CI and git say, else the user of the system. */
function actorOf(env: Readonly<Record<string, string | undefined>>): string {
  const names = [
    'ALUDEL_ACTOR',
    'GITHUB_ACTOR',
    'GITLAB_USER_LOGIN',
    'RAILWAY_GIT_AUTHOR',
    'GIT_AUTHOR_NAME',
    'USER',
    'LOGNAME',
  ]
  const named = names.map((name) => env[name]).find((value) => value !== undefined && value !== '')
  if (named !== undefined) return named
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

/** Options may stand before the command's name too. */
function commandFirst(words: readonly string[]): readonly string[] {
  let at = 0
  while (words[at]?.startsWith('--') && words[at] !== '--') {
    const option = commonOptions[words[at]?.slice(2) ?? '']
    at += option?.type === 'string' ? 2 : 1
  }
  const name = words[at]
  return name === undefined || name === '--' ? words : [name, ...words.slice(0, at), ...words.slice(at + 1)]
}

const args = commandFirst(process.argv.slice(2))
const exit = process.exit.bind(process)
refuseExit()
const guard = watchProcess(exit)
const at = stopPoints(process.env['ALUDEL_TEST_STOP'])
const terminal = openTerminal(now, { dataOnly: isGiven(args, '--json', '--sql') })
const status = await main(args, terminal)
// What a revision left open must not keep a deploy waiting; what was printed must be out first.
const unwritten = await terminal.flush()
if (unwritten) terminal.alarm(`The result could not be written: ${unwritten.message}.`)
at('before-exit')
exit(unwritten && status === 0 ? exitCodes.INTERNAL : status)
