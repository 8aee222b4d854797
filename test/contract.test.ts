import mariadb from '../plugins/mariadb/index.ts'
import mysql from '../plugins/mysql/index.ts'
import postgresql from '../plugins/postgresql/index.ts'
import sqlite from '../plugins/sqlite/index.ts'
import { contract } from './support/contract.ts'
import { database } from './support/database.ts'
import { describeDialects } from './support/dialects.ts'

const dialects = { sqlite, postgresql, mariadb, mysql }

describeDialects('the contract', (name) =>
  contract({ dialect: dialects[name], database: () => database(name) }),
)
