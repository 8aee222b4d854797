import { afterAll, beforeAll } from 'vitest'
import mariadb from '../plugins/mariadb/index.ts'
import mysql from '../plugins/mysql/index.ts'
import pglite from '../plugins/pglite/index.ts'
import postgresql from '../plugins/postgresql/index.ts'
import sqlite from '../plugins/sqlite/index.ts'
import { contract } from './support/contract.ts'
import { type TestDatabase, database } from './support/database.ts'
import { describeDialects } from './support/dialects.ts'
import { openPglite } from './support/pglite.ts'

const dialects = { sqlite, postgresql, mariadb, mysql }

describeDialects(
  'the contract',
  (name) => contract({ dialect: dialects[name], database: () => database(name) }),
  ['sqlite', 'postgresql', 'mariadb', 'mysql'],
)

describeDialects(
  'the contract',
  () => {
    let db: TestDatabase
    let kept: Awaited<ReturnType<typeof openPglite>>
    beforeAll(async () => {
      db = await database('pglite')
      kept = await openPglite(db.url)
    })
    afterAll(async () => {
      await kept.close()
      await db.drop()
    })
    contract({ dialect: pglite, database: async () => ({ url: db.url, drop: kept.clear }) })
  },
  ['pglite'],
)
