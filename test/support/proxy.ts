/** A network that fails: stands between a client and a server. */
import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/**
 * What happens to the connections. At the n-th COMMIT `drop-before-commit` cuts the client off and tells the server nothing,
 * `drop-after-commit` still tells the server. `drop-after`: a connection is cut when the server has said so many bytes on it. After
 * one was cut all pass. `stall`: nothing comes through any more, and nobody is told. `slow`: every piece is so many milliseconds late.
 */
export type Mode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop-before-commit' | 'drop-after-commit'; readonly time: number }
  | { readonly kind: 'drop-after'; readonly bytes: number }
  | { readonly kind: 'stall' }
  | { readonly kind: 'slow'; readonly ms: number }

export interface Proxy {
  /** The server's URL, through the proxy. */
  readonly url: (of: string) => string
  /** For what is sent from now on. */
  mode: Mode
  /** How many connections it cut. */
  readonly drops: () => number
  /** Cuts all that are open. */
  drop(): void
  stop(): Promise<void>
}

/** @param server any URL of the server */
export async function startProxy(server: string, mode: Mode = { kind: 'pass' }): Promise<Proxy> {
  const { hostname, port, protocol } = new URL(server)
  const target = { host: hostname, port: Number(port || (protocol.startsWith('postgres') ? 5432 : 3306)) }
  const open = new Set<Socket>()
  let drops = 0
  let commits = 0
  const proxy: Proxy = {
    mode,
    url: (of) => Object.assign(new URL(of), { host: `127.0.0.1:${listening()}` }).href,
    drops: () => drops,
    drop: () => {
      for (const socket of open) socket.resetAndDestroy()
    },
    stop: async () => {
      proxy.drop()
      const closed = once(listener, 'close')
      listener.close()
      await closed
    },
  }
  const listener = createServer((client) => {
    const upstream = connect(target)
    let said = 0
    const cut = (): void => {
      drops += 1
      client.resetAndDestroy()
    }
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        open.delete(from)
        to.end()
      })
      let late: Promise<unknown> = Promise.resolve()
      from.on('data', (chunk: Buffer) => {
        const { mode } = proxy
        if (mode.kind === 'stall') return
        if (from === upstream) said += chunk.length
        else if (isCommit(chunk)) commits += 1
        const isLast = 'time' in mode && from === client && isCommit(chunk) && commits === mode.time
        const isOver = mode.kind === 'drop-after' && said >= mode.bytes
        const pass = (): boolean => to.destroyed || to.write(chunk)
        if (mode.kind === 'slow') late = late.then(() => setTimeout(mode.ms)).then(pass)
        else if (!isLast || mode.kind === 'drop-after-commit') pass()
        if (!isLast && !isOver) return
        proxy.mode = { kind: 'pass' }
        cut()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const listening = (): number => {
    const address = listener.address()
    if (address === null || typeof address === 'string') throw new Error('the proxy has stopped')
    return address.port
  }
  return proxy
}

/** A simple query of PostgreSQL (`Q`, length, text), or a COM_QUERY of MySQL (length and number, 3, text), that ends so. */
function isCommit(chunk: Buffer): boolean {
  const text = chunk.toString('latin1')
  return (text.startsWith('Q') || chunk[4] === 3) && /\bcommit;?\0?$/i.test(text)
}
