import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterTest } from './cleanup.ts'

/** A port of its own in front of a server, which can be away and come back. */
export interface Relay {
  /** The database's URL, through it. */
  readonly url: string
  /** Drops all connections and refuses new ones, like a server that has stopped. */
  close(): Promise<void>
  /** Takes connections, on the same port as before. */
  open(): Promise<void>
}

/** It stands in front of the server of a URL, closed at first; gone when the test is over. */
export async function relay(target: string): Promise<Relay> {
  const url = new URL(target)
  const [host, port] = [url.hostname, Number(url.port)]
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, host)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const open = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  }
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const own = await open(0)
  await close()
  afterTest(close)
  url.port = String(own)
  url.hostname = '127.0.0.1'
  return {
    url: url.href,
    close,
    open: async () => {
      await open(own)
    },
  }
}
