import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { AludelError } from '../../../src/errors.ts'
import { describeBoth, open, type Place, runAll } from './support.ts'

describeBoth('scratch', (name) => {
  test('is an empty database with the collation of the project, gone afterwards', async () => {
    const place = await open(name)
    await runAll(
      place,
      'create table t (a int)',
      'alter database character set latin1 collate latin1_danish_ci',
    )
    const seen = await place.dialect.scratch(place.url, async (session) => {
      const schema = await place.dialect.reflect(session)
      await session.simple('create table t (b int)')
      const [row] = await session.query('select database() as name, @@collation_database as collation')
      return { schema, tables: Object.keys((await place.dialect.reflect(session)).tables), row }
    })
    expect(seen).toEqual({
      schema: { tables: {} },
      tables: ['t'],
      row: {
        name: expect.stringMatching(/^aludel_scratch_[0-9a-z]+_[0-9a-f]{8}$/),
        collation: 'latin1_danish_ci',
      },
    })
    expect(await exists(place, seen.row?.['name'])).toBe(false)
    expect((await place.dialect.reflect(place.session)).tables['t']?.columns[0]?.name).toBe('a')
  })

  test('is gone also when work throws, or loses the connection', async () => {
    const place = await open(name)
    const names: unknown[] = []
    const fault = new Error('no')
    const throwing = place.dialect.scratch(place.url, async (session) => {
      names.push((await session.query('select database() as name'))[0]?.['name'])
      throw fault
    })
    await expect(throwing).rejects.toBe(fault)
    await place.dialect.scratch(place.url, async (session) => {
      names.push((await session.query('select database() as name'))[0]?.['name'])
      await session.close()
    })
    for (const each of names) expect(await exists(place, each)).toBe(false)
  })

  test('takes away what killed runs left more than an hour ago, and nothing else', async () => {
    const place = await open(name)
    const at = (age: number, tail: string): string =>
      `aludel_scratch_${(Date.now() - age).toString(36)}_${randomBytes(4).toString('hex')}${tail}`
    const [old, young, other] = [at(3_700_000, ''), at(3_000_000, ''), at(3_700_000, '_x')]
    for (const each of [old, young, other]) {
      await runAll(place, `create database ${each}`)
      onTestFinished(async () => {
        const session = await place.dialect.connect(place.url)
        await session.simple(`drop database if exists ${each}`)
        await session.close()
      })
    }
    await place.dialect.scratch(place.url, async () => {})
    expect([await exists(place, old), await exists(place, young), await exists(place, other)]).toEqual([
      false,
      true,
      true,
    ])
  })

  test('without the right to create a database it names the grant and scratchUrl', async () => {
    const place = await open(name)
    const user = `aludel_test_${randomBytes(4).toString('hex')}`
    const database = new URL(place.url).pathname.slice(1)
    await runAll(place, `create user ${user}@'%'`, `grant all privileges on \`${database}\`.* to ${user}@'%'`)
    onTestFinished(async () => {
      const session = await place.dialect.connect(place.url)
      await session.simple(`drop user ${user}@'%'`)
      await session.close()
    })
    const url = new URL(place.url)
    url.username = user
    url.password = ''
    const error: unknown = await place.dialect
      .scratch(url.href, async () => {})
      .catch((reason: unknown) => reason)
    if (!(error instanceof AludelError)) throw error
    expect(error.code).toBe('SCRATCH_UNAVAILABLE')
    const grant = `grant all privileges on \`aludel\\_scratch\\_%\`.* to '${user}'@'%'`
    expect(error.fix).toBe(
      `Grant the right (${grant}), or set \`scratchUrl\` to a database on a server where it may be done.`,
    )
    await runAll(place, grant)
    expect(await place.dialect.scratch(url.href, async () => 'granted')).toBe('granted')
  })
})

async function exists({ session }: Place, name: unknown): Promise<boolean> {
  const rows = await session.query('select 1 from information_schema.schemata where schema_name = ?', [name])
  return rows.length > 0
}
