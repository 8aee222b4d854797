import path from 'node:path'
import { expect, test } from 'vitest'
import { absoluteUrl } from '../../config/database-url.ts'
import { loadSettings } from '../../config/load.ts'
import { project } from '../support/project.ts'
import { files } from './files.ts'

async function urlOf(cwd: string, env: Readonly<Record<string, string>> = {}, url?: string): Promise<string> {
  const settings = await loadSettings({ cwd, env, ...(url === undefined ? {} : { url }) })
  return settings.url()
}

test('the first place that says counts: --url, three variables, the configuration', async () => {
  const folder = files({ 'aludel.config.json': '{ "url": "postgres://config/d" }' })
  const env = {
    ALUDEL_DATABASE_URL: 'postgres://aludel/d',
    DIRECT_URL: 'postgres://direct/d',
    DATABASE_URL: 'postgres://database/d',
  }
  expect(await urlOf(folder, env, 'postgres://option/d')).toBe('postgres://option/d')
  expect(await urlOf(folder, env)).toBe('postgres://aludel/d')
  expect(await urlOf(folder, { ...env, ALUDEL_DATABASE_URL: '' })).toBe('postgres://direct/d')
  expect(await urlOf(folder, { DATABASE_URL: env.DATABASE_URL })).toBe('postgres://database/d')
  expect(await urlOf(folder)).toBe('postgres://config/d')
})

test('a SQLite path is relative to the configuration that holds it, else to the working directory', async () => {
  const folder = files({ 'aludel.config.json': '{ "url": "sqlite:data/app.db" }', 'src/a.txt': '' })
  const src = path.join(folder, 'src')
  expect(await urlOf(src)).toBe(`sqlite:${folder}/data/app.db`)
  expect(await urlOf(src, {}, 'sqlite:app.db')).toBe(`sqlite:${src}/app.db`)
  expect(await urlOf(src, { DATABASE_URL: 'file:../app.db?mode=ro' })).toBe(`file:${folder}/app.db?mode=ro`)
})

test.each([
  ['sqlite:app.db', 'sqlite:/base%2520x/app.db', '/base%20x'],
  ['sqlite:app.db', 'sqlite:/50%25/app.db', '/50%'],
  ['sqlite:./a b.db', 'sqlite:/p/a b.db', '/p'],
  ['sqlite://app.db', 'sqlite:/p/app.db', '/p'],
  ['sqlite:///app.db', 'sqlite:///app.db', '/p'],
  ['sqlite:/app.db', 'sqlite:/app.db', '/p'],
  ['sqlite::memory:', 'sqlite::memory:', '/p'],
  [':memory:', ':memory:', '/p'],
  ['sqlite:', 'sqlite:', '/p'],
  ['postgresql+asyncpg://h/d', 'postgresql://h/d', '/p'],
  ['postgres://u:p+q@h/d', 'postgres://u:p+q@h/d', '/p'],
])('%s becomes %s in %s', (url, absolute, base) => {
  expect(absoluteUrl(url, base)).toBe(absolute)
})

test('without a URL anywhere the places are named', async () => {
  const folder = files({ 'aludel.config.json': '{}' })
  const file = path.join(folder, 'aludel.config.json')
  await expect(urlOf(folder)).rejects.toMatchObject({
    code: 'URL_MISSING',
    exitCode: 2,
    message: `No database URL is given in any of: --url, ALUDEL_DATABASE_URL, DIRECT_URL, DATABASE_URL, \`url\` in ${file}, a mikro-orm.config file.`,
    details: {
      places: [
        '--url',
        'ALUDEL_DATABASE_URL',
        'DIRECT_URL',
        'DATABASE_URL',
        `url in ${file}`,
        'mikro-orm.config',
      ],
    },
  })
})

test('a variable that the URL needs is missed only when the URL is asked for', async () => {
  const folder = files({ 'aludel.config.json': '{ "url": "${APP_DB}" }' })
  const settings = await loadSettings({ cwd: folder, env: {} })
  await expect(settings.url()).rejects.toMatchObject({
    code: 'URL_MISSING',
    message: `No database URL is given: \`url\` in ${folder}/aludel.config.json needs the variable APP_DB, which is not set.`,
    fix: 'Set APP_DB, or one of ALUDEL_DATABASE_URL, DIRECT_URL, DATABASE_URL.',
  })
  expect(await urlOf(folder, { DATABASE_URL: 'postgres://h/d' })).toBe('postgres://h/d')
  expect(await urlOf(folder, { APP_DB: 'sqlite:x.db' })).toBe(`sqlite:${folder}/x.db`)
})

test.each([
  [
    'the clientUrl',
    `import { defineConfig } from '@mikro-orm/postgresql'\nexport default defineConfig({ clientUrl: 'postgres://u:p%40ss@db:6543/app?application_name=x' })`,
    {},
    'postgresql://u:p%40ss@db:6543/app?application_name=x',
  ],
  [
    'single keys, over those of the clientUrl',
    `import { defineConfig } from '@mikro-orm/postgresql'\nexport default defineConfig({ clientUrl: 'postgres://u:p@db/app', dbName: 'other', password: 'a b', host: 'h2', port: 1 })`,
    {},
    'postgresql://u:a%20b@h2:1/other',
  ],
  [
    'the driver, also when the URL says mysql',
    `import { MariaDbDriver } from '@mikro-orm/mariadb'\nexport default { driver: MariaDbDriver, clientUrl: 'mysql://root@db:3306/app' }`,
    {},
    'mariadb://root@db:3306/app',
  ],
  [
    'variables of MikroORM for what the configuration leaves open',
    `import { MySqlDriver } from '@mikro-orm/mysql'\nexport default { driver: MySqlDriver, dbName: 'app' }`,
    {
      MIKRO_ORM_HOST: 'db',
      MIKRO_ORM_USER: 'me',
      MIKRO_ORM_PASSWORD: 'pa/ss',
      MIKRO_ORM_DB_NAME: 'not this',
    },
    'mysql://me:pa%2Fss@db/app',
  ],
  [
    'TLS, which MikroORM takes from driverOptions',
    `import { defineConfig } from '@mikro-orm/postgresql'\nexport default async () => defineConfig({ clientUrl: 'postgres://db/app', driverOptions: { ssl: { rejectUnauthorized: false } } })`,
    {},
    'postgresql://db/app?sslmode=require',
  ],
  ['nothing when no driver says which database', 'export default { dbName: "app" }', {}, undefined],
])(
  'without any other the URL is that of a mikro-orm.config: %s',
  { timeout: 20_000 },
  async (_, text, env, url) => {
    const { folder } = project({ 'aludel.config.json': '{}', 'mikro-orm.config.ts': text })
    const found = urlOf(folder, env)
    if (url === undefined) await expect(found).rejects.toMatchObject({ code: 'URL_MISSING' })
    else expect(await found).toBe(url)
  },
)

test('the database of a mikro-orm.config for SQLite is a file of the project', async () => {
  const text = `import { defineConfig } from '@mikro-orm/sqlite'\nexport default defineConfig({ dbName: 'data/app.db' })`
  const { folder } = project({ 'aludel.config.json': '{}', 'src/mikro-orm.config.ts': text })
  expect(await urlOf(folder)).toBe(`sqlite:${folder}/data/app.db`)
})

test.each([
  ["dbName: 'data/pg'", (root: string) => `pglite:${root}/data/pg`],
  ["dbName: 'app', driverOptions: { dataDir: 'data' }", (root: string) => `pglite:${root}/data?database=app`],
  ["dbName: 'memory://'", () => 'pglite:'],
])('the database of a mikro-orm.config for PGlite is a folder of the project: %s', async (options, url) => {
  const text = `import { defineConfig } from '@mikro-orm/pglite'\nexport default defineConfig({ ${options} })`
  const { folder } = project({ 'aludel.config.json': '{}', 'src/mikro-orm.config.ts': text })
  expect(await urlOf(folder)).toBe(url(folder))
})

test('a mikro-orm.config that fails is named, its password is not', async () => {
  const { folder } = project({
    'aludel.config.json': '{}',
    'mikro-orm.config.js': `throw new Error('bad postgres://u:hunter22@h/d')`,
  })
  await expect(urlOf(folder)).rejects.toMatchObject({
    code: 'URL_MISSING',
    message: 'No database URL is given, and mikro-orm.config.js failed to load: bad postgres://u:***@h/d',
  })
})
