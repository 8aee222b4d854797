import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import { afterTest } from '../../support/cleanup.ts'
import { describeBoth, open } from './support.ts'

describeBoth('a right that is missing', (name) => {
  test.for([
    ['insert into t values (1)', 'grant insert on `DATABASE`.`t` to LOGIN'],
    ['update t set n = 1', 'grant update on `DATABASE`.`t` to LOGIN'],
    ['delete from t', 'grant delete on `DATABASE`.`t` to LOGIN'],
    ['alter table t add column m integer', 'grant alter on `DATABASE`.`t` to LOGIN'],
    ['create index i on t (n)', 'grant index on `DATABASE`.`t` to LOGIN'],
    ['drop table t', 'grant drop on `DATABASE`.`t` to LOGIN'],
    ['create table u (n integer)', 'grant create on `DATABASE`.* to LOGIN'],
    ['create database DATABASE_more', 'grant all privileges on `DATABASE_more`.* to LOGIN'],
  ] as const)('%s: %s', async ([statement, expected]) => {
    const { session: admin, url } = await open(name)
    const user = `aludel_${randomBytes(4).toString('hex')}`
    const database = new URL(url).pathname.slice(1)
    const login = `'${user}'@'%'`
    await admin.simple('create table t (n integer)')
    await admin.simple(`create user ${login}`)
    await admin.simple(`grant select on ${database}.* to ${login}`)
    const session = await mysqlDialect(name).connect(
      Object.assign(new URL(url), { username: user, password: '' }).href,
    )
    afterTest(async () => {
      await session.close()
      await admin.simple(`drop database if exists ${database}_more`)
      await admin.simple(`drop user ${login}`)
    })
    const [text, grant] = [statement, expected].map((each) =>
      each.replace('DATABASE', database).replace('LOGIN', login),
    )
    const error = await session.simple(text ?? '').catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'PERMISSION',
      fix: `Let somebody who may run: ${grant};`,
      details: { login, grant },
    })
    // It helps; another connection sees it at once.
    await admin.simple(grant ?? '')
    const again = await mysqlDialect(name).connect(
      Object.assign(new URL(url), { username: user, password: '' }).href,
    )
    afterTest(() => again.close())
    await again.simple(text ?? '')
  })

  test('on the whole server is told by its first name', async () => {
    const { session: admin, url } = await open(name)
    const user = `aludel_${randomBytes(4).toString('hex')}`
    await admin.simple(`create user '${user}'@'%'`)
    await admin.simple(`grant select on ${new URL(url).pathname.slice(1)}.* to '${user}'@'%'`)
    const session = await mysqlDialect(name).connect(
      Object.assign(new URL(url), { username: user, password: '' }).href,
    )
    afterTest(async () => {
      await session.close()
      await admin.simple(`drop user '${user}'@'%'`)
    })
    const error = await session.simple('set global max_connections = 200').catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'PERMISSION',
      fix: expect.stringMatching(/^Let somebody who may run: grant [a-z_ ]+ on \*\.\* to 'aludel_\w+'@'%';$/),
    })
  })
})
