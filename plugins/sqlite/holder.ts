/** Who has a database file locked for writing. SQLite does not say; Linux does, of the processes of this machine. */
import { readFileSync, statSync } from 'node:fs'
import { type LockHolder, describeHolder } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'

/** Who has the file locked, when it is known that somebody has. */
export function holderOf(file: string): LockHolder {
  const pid = writerOf(file)
  if (pid === undefined) {
    const name = file === ':memory:' ? 'and the file of the database' : file
    return { advice: `To find it: fuser -v ${name}, or lsof ${name}` }
  }
  const application = nameOf(pid)
  return { pid, ...(application === undefined ? {} : { application }), advice: `To end it: kill ${pid}` }
}

/** @param waited milliseconds */
export function locked(file: string, waited: number, { cause, ...details }: LockedParts): AludelError {
  const holder = holderOf(file)
  const who = describeHolder(holder)
  return new AludelError(
    'LOCK_NOT_OBTAINED',
    `Another process has the SQLite database ${file} locked, and still had after ${Math.round(waited / 1000)} s${who === '' ? '' : `: ${who}`}.`,
    {
      state: 'Nothing was changed by this run.',
      fix: `Wait for it to end and run again; --lock-wait waits longer. ${holder.advice}`,
      details: { ...details, file, waited, holder },
      cause,
    },
  )
}

interface LockedParts {
  readonly cause: unknown
  /** Of the ledger. */
  readonly table?: string
}

/**
 * The bytes that a writer locks: with a rollback journal PENDING and RESERVED of the database, else the first of the shared memory.
 * @see https://www.sqlite.org/src/file/src/os.h, https://www.sqlite.org/walformat.html#locks
 */
const writing = [
  { suffix: '', bytes: [0x40000000, 0x40000001] },
  { suffix: '-shm', bytes: [120] },
]

function writerOf(file: string): number | undefined {
  const locks = linesOf('/proc/locks')
  for (const { suffix, bytes } of writing) {
    const inode = statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.ino
    for (const line of inode === undefined ? [] : locks) {
      // `1: POSIX  ADVISORY  WRITE 4242 08:01:131104 1073741824 1073742335`: the process, device and inode, first and last byte. One that waits has
      // an arrow in front, one of another container the number 0.
      const [, pid, found, first, last] =
        /^\d+: [A-Z].* WRITE ([1-9]\d*) \S+:(\d+) (\d+) (\d+|EOF)$/.exec(line) ?? []
      const isLocked = bytes.some((byte) => byte >= Number(first) && (last === 'EOF' || byte <= Number(last)))
      if (Number(found) === inode && isLocked) return Number(pid)
    }
  }
  return undefined
}

/** Not its arguments: they may hold a password. */
function nameOf(pid: number): string | undefined {
  return linesOf(`/proc/${pid}/comm`)[0]
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n')
  } catch {
    // Not Linux, or another user's.
    return []
  }
}
