import pg from 'pg'
import { expect, test } from 'vitest'
import { Wire } from '../../../plugins/pglite/wire.ts'

const message = (type: string, body: string | Buffer = '') => {
  const bytes = Buffer.from(body)
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes.length + 4)
  return Buffer.concat([Buffer.from(type), length, bytes])
}
const ready = (status = 'I') => message('Z', status)
const failed = message('E', 'SERROR\0C42P01\0Mno such table\0\0')
const done = message('C', 'SELECT 0\0')

/** A client before a server that answers each request with the next of these. */
async function client(...answers: readonly Buffer[]) {
  const requests: string[] = []
  const next = answers.values()
  const wire = new Wire(async (messages) => {
    requests.push([...messages.toString('latin1')].filter((letter) => /[A-Z]/.test(letter)).join(''))
    return next.next().value ?? Buffer.alloc(0)
  })
  const connected = new pg.Client({ stream: () => wire })
  await connected.connect()
  return { client: connected, requests }
}

test('statements with and without parameters are one request each, and the answers come to who asked', async () => {
  const { client: one, requests } = await client(
    Buffer.concat([done, ready()]),
    Buffer.concat([message('1'), message('2'), message('n'), done, ready()]),
  )
  await one.query('a')
  await one.query('b', [1])
  expect(requests).toEqual(['Q', 'PBDPES'])
  await one.end()
})

// With the second one the next query ends before it has begun.
test('that a server is ready twice after an error is told once', async () => {
  const { client: one } = await client(
    Buffer.concat([failed, ready(), ready('E')]),
    Buffer.concat([done, ready()]),
  )
  await expect(one.query('a', [1])).rejects.toMatchObject({ code: '42P01', message: 'no such table' })
  expect(one.getTransactionStatus()).toBe('E')
  expect(await one.query('b')).toMatchObject({ command: 'SELECT' })
  expect(one.getTransactionStatus()).toBe('I')
  await one.end()
})

test('a message that comes in pieces is waited for', async () => {
  const requests: number[] = []
  const wire = new Wire(async (messages) => {
    requests.push(messages.length)
    return ready()
  })
  const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0])
  for (const byte of Buffer.concat([startup, message('Q', 'select 1\0')])) wire.write(Buffer.from([byte]))
  await new Promise((end) => void wire.end(end))
  expect(requests).toEqual([14])
})
