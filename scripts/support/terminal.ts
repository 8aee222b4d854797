/** Where output goes: data to stdout, everything else to stderr; no secret to either, and nothing that a terminal obeys, but in a script. */
import { setImmediate } from 'node:timers/promises'
import { styleText } from 'node:util'
import { isWord, mask, secretsOf } from '../../config/url.ts'
import { type Line, type Screen, paint } from './paint.ts'
import { oneLine, printable, printableJson } from './printable.ts'

export interface Terminal {
  /** Data. */
  out(text: string): void
  /** Lines of data for a screen. */
  draw(lines: readonly Line[], screen: Screen): void
  /** Data of `--json`, on one line. Masked before it is JSON, which masking would spoil. */
  json(document: unknown): void
  /** A script that is run, to the letter: a mask in it would be run too. With a document: as its `sql`. */
  script(text: string, document?: unknown): void
  /** An error of `--json`, on one line. */
  errorJson(document: unknown): void
  /** Progress and errors; a plain line with the time where nobody watches. */
  note(line: string): void
  /** As `note`, in red where colours are wanted. */
  alarm(line: string): void
  /** Masks the passwords of this URL from now on. */
  protect(url: string | undefined): void
  /** Waits until all is out; gives what kept the data from it. */
  flush(): Promise<Error | undefined>
}

export interface TerminalOptions {
  /** Nothing but `out` may write to stdout: what the user's own code prints goes to stderr. */
  readonly dataOnly: boolean
}

export function openTerminal(now: () => Date, { dataOnly }: TerminalOptions): Terminal {
  const secrets = new Set<string>()
  const hide = (text: string): string => mask(text, [...secrets])
  // Results hold ids, paths and names, in which a password like `test` would hide a part of something else.
  const hideInResult = (text: string): string =>
    mask(
      text,
      [...secrets].filter((each) => !isWord(each)),
    )
  let unwritten: Error | undefined
  // A reader that left early (`| head -1`) is no error; a disk that is full is one, but only after the work is done.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error
  })
  // A log that cannot be written must not stop the work that it tells of.
  process.stderr.on('error', () => {})
  const data = process.stdout.write.bind(process.stdout)
  const log = process.stderr.write.bind(process.stderr)
  if (dataOnly) Object.assign(process.stdout, { write: log })
  const note = (line: string, color: (text: string) => string = (text) => text): void => {
    const time = process.stderr.isTTY ? '' : `${now().toISOString().slice(11, 19)} `
    log(`${time}${color(hide(printable(line)))}\n`)
  }
  return {
    out: (text) => data(`${hideInResult(printable(text))}\n`),
    draw: (lines, screen) => {
      const shown = (text: string): string => hideInResult(oneLine(printable(text)))
      const painted = lines.map((line) =>
        paint(
          line.map((part) => ({ ...part, text: shown(part.text) })),
          screen,
        ),
      )
      data(painted.map((line) => `${line}\n`).join(''))
    },
    json: (document) => data(`${jsonText(document, hideInResult, secrets)}\n`),
    script: (text, document) =>
      data(
        document === undefined
          ? text
          : `${jsonText(document, (value) => (value === text ? text : hideInResult(value)), secrets)}\n`,
      ),
    errorJson: (document) => data(`${jsonText(document, hide, secrets)}\n`),
    note: (line) => note(line),
    alarm: (line) =>
      note(line, (text) => styleText('red', text, { stream: process.stderr, validateStream: true })),
    protect: (url) => {
      if (url !== undefined) for (const secret of secretsOf(url)) secrets.add(secret)
    },
    flush: async () => {
      await Promise.all([data, log].map((write) => new Promise((done) => write('', 'utf8', done))))
      await setImmediate()
      return unwritten
    },
  }
}

/** Most documents hold nothing to hide: to look at each string of a long one takes as long as to make it. */
function jsonText(document: unknown, hide: (text: string) => string, secrets: ReadonlySet<string>): string {
  const json = JSON.stringify(document)
  const written = [...secrets].map((secret) => JSON.stringify(secret).slice(1, -1))
  if (!['://', ...written].some((part) => json.includes(part))) return printableJson(json)
  return printableJson(
    JSON.stringify(document, (_, value: unknown) => (typeof value === 'string' ? hide(value) : value)),
  )
}
