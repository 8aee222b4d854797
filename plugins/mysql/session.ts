/** A session on a connection that is open. */
import type { Socket } from 'node:net'
import type { Connection, QueryResult } from 'mysql2'
import type { Session } from '../../src/dialect.ts'
import { endsConnection, isReadOnly, readOnly } from './errors.ts'
import { denial, isDenied } from './rights.ts'

/** A connection that is open, and its socket. */
export interface Link {
  readonly connection: Connection
  readonly socket: Socket
}

/**
 * Always the text protocol; parameters are escaped by the driver.
 * @param kill stops the running statement of the connection with that id, from another one
 */
export function sessionOn({ connection, socket }: Link, kill: (id: number) => Promise<void>): Session {
  let lost = false
  let closing: Promise<void> | undefined
  let running = 0
  // Without a listener a connection that is lost while idle would end the process.
  connection.on('error', () => (lost = true))
  socket.once('close', () => (lost = true))

  const send = (sql: string, params?: readonly unknown[]): Promise<QueryResult> =>
    new Promise((resolve, reject) => {
      running += 1
      connection.query(sql, params?.map(parameter), (error, result) => {
        running -= 1
        if (error) reject(error)
        else resolve(result)
      })
    })

  const run = async (sql: string, params?: readonly unknown[]): Promise<QueryResult> => {
    try {
      return await send(sql, params)
    } catch (error) {
      lost ||= endsConnection(error)
      if (isReadOnly(error)) throw readOnly(error)
      if (!isDenied(error)) throw error
      // Its words name the machine that the login came from, which is not what is granted to.
      const [row] = rowsOf<{ user: string }>(await send('select current_user() as user'))
      throw denial(error, row?.user ?? '')
    }
  }

  const end = async (): Promise<void> => {
    // A goodbye would wait for the statement that runs, and a peer that is gone never answers one.
    if (running === 0 && !lost) {
      await new Promise<void>((resolve) => {
        socket.once('close', () => resolve())
        connection.end(() => resolve())
        setTimeout(resolve, 1000).unref()
      })
    }
    socket.destroy()
  }

  return {
    query: async <T>(sql: string, params?: readonly unknown[]) => rowsOf<T>(await run(sql, params)),
    simple: async (sql) => {
      await run(sql)
    },
    cancel: async () => {
      if (running > 0) await kill(connection.threadId)
    },
    ref: () => socket.ref(),
    unref: () => socket.unref(),
    get closed() {
      return lost || closing !== undefined
    },
    close: () => (closing ??= end()),
  }
}

/** The driver would write a plain object as a list of assignments. */
function parameter(value: unknown): unknown {
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return isPlain ? JSON.stringify(value) : value
}

/** Of a procedure, which gives several lists and a header, the first list. */
function rowsOf<T>(result: QueryResult): readonly T[] {
  if (!Array.isArray(result)) return []
  const rows: readonly unknown[] = Array.isArray(result[0]) ? result[0] : result
  // The rows' type is the caller's promise.
  return rows as readonly T[]
}
