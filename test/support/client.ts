/** The databases' own clients, which run scripts. */
import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe } from 'vitest'
import { afterTest } from './cleanup.ts'
import { describeDialects } from './dialects.ts'
import type { Run } from './project.ts'
import type { DialectName, ServerName } from './servers.ts'

/** PGlite has none. */
const programs = {
  sqlite: 'sqlite3',
  postgresql: 'psql',
  mariadb: 'mariadb',
  mysql: 'mysql',
} as const
type WithClient = keyof typeof programs
const withClients: readonly WithClient[] = ['sqlite', 'postgresql', 'mariadb', 'mysql']

/** Whose clients know conditions, which --idempotent needs; that sqlite3 knows none is told: test/commands/offline/refused.test.ts. */
export const withConditions: readonly ServerName[] = ['postgresql', 'mariadb', 'mysql']

/** The kinds of scripts that a client can run, and the options that ask for them. */
export function scriptKinds(
  dialect: DialectName,
): readonly { readonly kind: string; readonly options: readonly string[] }[] {
  const plain = { kind: 'plain', options: [] }
  return withConditions.some((name) => name === dialect)
    ? [plain, { kind: 'idempotent', options: ['--idempotent'] }]
    : [plain]
}

/** It describes what scripts do that the client runs. Where the client is missing the title says so; where CI is set it must be there. */
export function describeClients(
  title: string,
  tests: (dialect: WithClient) => void,
  names: readonly WithClient[] = withClients,
): void {
  describeDialects(
    title,
    (dialect) => {
      const program = programs[dialect]
      const isThere = spawnSync(program, ['--version']).status === 0
      const where = isThere ? `run by ${program}` : `not run, there is no ${program}`
      // The client comes with its server; with CI=true a missing one fails these tests.
      describe.skipIf(!isThere && !process.env['CI'])(`(${where})`, () => {
        tests(dialect)
      })
    },
    names,
  )
}

/**
 * It hands a script to the client as a person would, `psql -f script`, with nothing set but where the database is.
 * @param options more of the client's own
 */
export async function runClient(url: string, script: string, options: readonly string[] = []): Promise<Run> {
  const { program, args, env } = call(url)
  const child = spawn(program, [...args, ...options], { env: { ...process.env, ...env } })
  afterTest(() => void child.kill('SIGKILL'))
  // One that ends before it has read all of it is what many a test is about.
  child.stdin.on('error', () => {})
  child.stdin.end(script)
  const status = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await status, stdout, stderr }
}

interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

function call(url: string): Call {
  if (url.startsWith('sqlite:')) return { program: 'sqlite3', args: [url.slice('sqlite:'.length)], env: {} }
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  if (protocol === 'postgresql:') return { program: 'psql', args: ['--no-psqlrc', '--file=-', url], env: {} }
  const secret = decodeURIComponent(password)
  return {
    program: protocol === 'mysql:' ? 'mysql' : 'mariadb',
    args: [
      `--host=${hostname}`,
      `--port=${port || '3306'}`,
      `--user=${decodeURIComponent(username)}`,
      pathname.slice(1),
    ],
    env: secret === '' ? {} : { MYSQL_PWD: secret },
  }
}
