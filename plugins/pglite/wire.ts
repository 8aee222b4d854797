/** What `pg` takes for a socket to a server: PostgreSQL's wire protocol, spoken by a function. */
import { Duplex } from 'node:stream'

/** Answers one or several whole messages. */
export type Answer = (messages: Buffer) => Promise<Buffer>

/**
 * The client's beginning is answered here, as all sessions share one process of the server, and so is its goodbye.
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export class Wire extends Duplex {
  readonly #answer: Answer
  #received = Buffer.alloc(0)
  #started = false

  constructor(answer: Answer) {
    super()
    this.#answer = answer
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  /** Nothing that is waited for is outside of the process. */
  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.#received = Buffer.concat([this.#received, chunk])
    void this.#reply(done)
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  /** An error ends the stream, as a lost connection does. */
  async #reply(done: (error?: Error) => void): Promise<void> {
    let fault: Error | undefined
    try {
      await this.#serve()
    } catch (error) {
      fault = error instanceof Error ? error : new Error(String(error))
    }
    done(fault)
  }

  async #serve(): Promise<void> {
    if (!this.#started) {
      if (this.#received.length < 4 || this.#received.length < this.#received.readInt32BE(0)) return
      this.#received = this.#received.subarray(this.#received.readInt32BE(0))
      this.#started = true
      this.push(Buffer.concat([authenticationOk, readyForQuery]))
    }
    for (let request = this.#request(); request.length > 0; request = this.#request()) {
      this.#received = this.#received.subarray(request.length)
      this.push(withOneReady(await this.#answer(request)))
    }
  }

  /** All up to what asks for an answer; empty when that has not come yet. */
  #request(): Buffer {
    let end = 0
    for (const { type, end: next } of messagesIn(this.#received)) {
      end = next
      if (type === 'Q' || type === 'S') return this.#received.subarray(0, end)
    }
    return this.#received.subarray(0, 0)
  }
}

const authenticationOk = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0])
const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

/** After an error PGlite says twice that it is ready, and `pg` would take the second for the end of the next query. */
function withOneReady(answer: Buffer): Buffer {
  const messages = [...messagesIn(answer)]
  const last = messages.findLast(({ type }) => type === 'Z')
  const others = messages.filter(({ type }) => type !== 'Z')
  return Buffer.concat(
    [...others, ...(last ? [last] : [])].map(({ start, end }) => answer.subarray(start, end)),
  )
}

interface Message {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** A letter, the length of the rest with its own four bytes, the rest. */
function* messagesIn(bytes: Buffer): Generator<Message> {
  for (let start = 0; start + 5 <= bytes.length;) {
    const end = start + 1 + bytes.readInt32BE(start + 1)
    if (end > bytes.length) return
    yield { type: bytes.toString('latin1', start, start + 1), start, end }
    start = end
  }
}
