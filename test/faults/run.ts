/** Runs the tests of the faults: of all, or of one (an argument: `07`); on every database, or on one (DB=pg). */
import { spawnSync } from 'node:child_process'
import type { DialectName } from '../support/servers.ts'
import { type Choice, faults, filesOf, pattern } from './faults.ts'

const dialects: Readonly<Record<string, DialectName>> = {
  pg: 'postgresql',
  postgresql: 'postgresql',
  mariadb: 'mariadb',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

const { DB = '' } = process.env
const number = process.argv[2]
const fault = number === undefined ? undefined : `F${number.replace(/^F/i, '').padStart(2, '0')}`
const dialect = dialects[DB]
if (fault !== undefined && !Object.hasOwn(faults, fault)) end(`There is no fault ${fault}: ${listed()}`)
if (DB !== '' && dialect === undefined) end(`DB is one of ${Object.keys(dialects).join(', ')}.`)

const choice: Choice = {
  ...(fault === undefined ? {} : { fault }),
  ...(dialect === undefined ? {} : { dialect }),
}
if (fault !== undefined) console.log(`${fault}: ${faults[fault]?.title}`)
const args = ['run', '-t', pattern(choice).source, ...filesOf(choice)]
// Every suite on every one of them.
const env = { ...process.env, TEST_DIALECTS: dialect ?? [...new Set(Object.values(dialects))].join(',') }
process.exit(spawnSync('vitest', args, { stdio: 'inherit', env }).status ?? 1)

function listed(): string {
  return Object.entries(faults)
    .map(([number, { title }]) => `\n${number} ${title}`)
    .join('')
}

function end(why: string): never {
  console.error(why)
  process.exit(2)
}
