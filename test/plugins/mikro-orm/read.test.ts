import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readEntities } from '../../../plugins/mikro-orm/entities.ts'
import type { PlatformName } from '../../../plugins/mikro-orm/platform.ts'
import { userProject } from './user-project.ts'

const repository = path.join(import.meta.dirname, '../../..')

function entity(name: string): string {
  return `import { defineEntity, p } from '@mikro-orm/core'\nexport const ${name} = defineEntity({ name: '${name}', properties: { id: p.integer().primary() } })\n`
}

async function tableNames(
  root: string,
  paths: readonly string[] = [],
  name: PlatformName = 'sqlite',
): Promise<readonly string[]> {
  return Object.keys((await readEntities(name, { root, paths })).declared.tables).toSorted()
}

interface Outcome {
  readonly tables?: readonly string[]
  readonly code?: string
  readonly message?: string
  readonly fix?: string
}

/** In a process of its own, by Node's own import and not the test runner's. */
async function inNode(
  root: string,
  paths: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const module = path.join(repository, 'plugins/mikro-orm/entities.ts')
  const program = `
    const { readEntities } = await import(${JSON.stringify(module)})
    const outcome = await readEntities('sqlite', ${JSON.stringify({ root, paths })}).then(
      ({ declared }) => ({ tables: Object.keys(declared.tables).sort() }),
      ({ code, message, fix }) => ({ code, message, fix }))
    console.log(JSON.stringify(outcome))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
  })
  return JSON.parse(stdout)
}

describe('modules', () => {
  test('are found by globs, folders, paths with and without extension, less what ! excludes', async () => {
    const root = userProject({
      'src/a.ts': entity('A'),
      'src/b.entity.mts': entity('B'),
      'src/deep/c.js': entity('C'),
      'src/deep/d.d.ts': 'syntax error',
      'src/deep/readme.md': '',
      'lib/e.mjs': entity('E'),
    })
    expect(await tableNames(root, ['src/**/*.{ts,js}'])).toEqual(['a', 'c'])
    expect(await tableNames(root, ['src/*.entity.*', './lib/e'])).toEqual(['b', 'e'])
    expect(await tableNames(root, ['src', '!src/deep/**'])).toEqual(['a', 'b'])
    expect(await tableNames(root, [path.join(root, 'src/a.ts')])).toEqual(['a'])
  })

  test('are found by the name of a package, not by a glob in node_modules', async () => {
    const root = userProject({ 'src/a.js': entity('A') }, { packages: false })
    const own = path.join(root, 'node_modules')
    mkdirSync(path.join(own, '@acme/db'), { recursive: true })
    symlinkSync(path.join(repository, 'node_modules/@mikro-orm'), path.join(own, '@mikro-orm'))
    writeFileSync(
      path.join(own, '@acme/db/package.json'),
      '{ "type": "module", "exports": { ".": { "import": "./db.js" } } }',
    )
    writeFileSync(path.join(own, '@acme/db/db.js'), entity('B'))
    expect(await tableNames(root, ['@acme/db', 'src/a'])).toEqual(['a', 'b'])
    expect(await tableNames(root, ['**/*.js'])).toEqual(['a'])
  })

  test('give every entity once: schemas, their classes, decorated classes, lists of them', async () => {
    const root = userProject({
      'a.js': `${entity('A')}export class User extends A.class {}\nA.setClass(User)\nexport default A\nexport const name = 'x', nothing = null`,
      'list.js': `import { A } from './a.js'\n${entity('B').replace('export ', '')}export const entities = [A, B]`,
      'decorated.js': decorated,
    })
    expect(await tableNames(root, ['*.js'])).toEqual(['a', 'b', 'decorated'])
  })

  test('that no pattern finds are told with the pattern', async () => {
    const root = userProject({ 'a.js': entity('A') })
    await expect(tableNames(root, ['a.js', 'src/*.ts', 'b'])).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      exitCode: 2,
      message: `No module matches "src/*.ts", "b" in ${root}.`,
      details: { patterns: ['src/*.ts', 'b'] },
    })
  })

  test('without an entity are told with the patterns and how many they are', async () => {
    const root = userProject({ 'a.js': 'export const a = 1', 'b.js': 'export class B {}' })
    await expect(tableNames(root, ['*.js'])).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: 'No entity is exported by the 2 modules that match "*.js".',
    })
  })

  test('that throw are told with their file and message, passwords masked', async () => {
    const root = userProject({ 'src/a.js': `throw new Error('no postgres://u:hunter22@h/d\\nsecond line')` })
    await expect(tableNames(root, ['src/a.js'])).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: 'src/a.js failed to load: no postgres://u:***@h/d',
      state: 'Nothing was changed.',
      fix: 'Correct it, or what it imports; --debug prints the whole error.',
      cause: expect.objectContaining({ message: expect.stringContaining('second line') }),
    })
  })
})

/** What @mikro-orm/decorators does to a class. */
const decorated = `
import { MetadataStorage } from '@mikro-orm/core'
export class Decorated {}
Object.defineProperty(Decorated, MetadataStorage.PATH_SYMBOL, { value: import.meta.url })
const meta = MetadataStorage.getMetadata('Decorated', import.meta.url, Decorated)
Object.assign(meta, { class: Decorated, name: 'Decorated' })
meta.properties.id = { name: 'id', kind: 'scalar', type: 'integer', primary: true }`

describe('a mikro-orm.config', () => {
  const options = `{ entities: [A], dbName: 'app' }`
  const configs = [
    ['an object', `export default ${options}`],
    ['a function', `export default (context) => context === 'default' ? ${options} : {}`],
    ['an async function', `export default async () => (${options})`],
    ['a promise', `export default Promise.resolve(${options})`],
    [
      'a list, of which the default context counts',
      `export default [{ contextName: 'other', entities: ['nowhere'] }, ${options}]`,
    ],
    ['a list without a default context', `export default [{ contextName: 'one', ...${options} }]`],
    ['a list of functions', `export default [() => (${options})]`],
  ] as const

  test.each(configs)('is found by itself when it is %s', async (_, text) => {
    const root = userProject({
      'a.js': entity('A'),
      'mikro-orm.config.js': `import { A } from './a.js'\n${text}`,
    })
    expect(await tableNames(root)).toEqual(['a'])
  })

  test.each([
    'mikro-orm.config.ts',
    'mikro-orm.config.mts',
    'mikro-orm.config.mjs',
    'src/mikro-orm.config.ts',
    'src/mikro-orm.config.js',
    'dist/mikro-orm.config.js',
    'build/mikro-orm.config.js',
  ])('is found in %s', async (place) => {
    const root = userProject({
      [place]: `${entity('A').replace('export ', '')}export default { entities: [A] }`,
    })
    expect(await tableNames(root)).toEqual(['a'])
  })

  test('is found where package.json says, before anywhere else', async () => {
    const root = userProject({
      'package.json': '{ "type": "module", "mikro-orm": { "configPaths": ["gone.ts", "db/orm.js"] } }',
      'db/orm.js': `${entity('A')}export default { entities: [A] }`,
      'mikro-orm.config.js': `${entity('B')}export default { entities: [B] }`,
    })
    expect(await tableNames(root)).toEqual(['a'])
  })

  test('may be named, whatever its name is', async () => {
    const root = userProject({
      'db/mikro-orm.config.ts': `${entity('A')}export default { entities: [A] }`,
      'db/settings.js': `import * as entities from '../b.js'\nexport default { entities: Object.values(entities) }`,
      'b.js': entity('B'),
    })
    expect(await tableNames(root, ['db/mikro-orm.config.ts'])).toEqual(['a'])
    expect(await tableNames(root, ['db/settings'])).toEqual(['b'])
  })

  test('takes entitiesTs when it is TypeScript and entities when it is not, relative to baseDir', async () => {
    const paths = `entities: ['./dist/*.js'], entitiesTs: ['./src/*.ts'], baseDir: 'app'`
    const files = { 'app/src/a.ts': entity('A'), 'app/dist/b.js': entity('B') }
    expect(
      await tableNames(userProject({ ...files, 'mikro-orm.config.ts': `export default { ${paths} }` })),
    ).toEqual(['a'])
    expect(
      await tableNames(userProject({ ...files, 'mikro-orm.config.js': `export default { ${paths} }` })),
    ).toEqual(['b'])
  })

  test('is named alone', async () => {
    const root = userProject({ 'a.js': entity('A'), 'mikro-orm.config.js': 'export default {}' })
    await expect(tableNames(root, ['mikro-orm.config.js', 'a.js'])).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: '`entities` names mikro-orm.config.js and others beside it.',
      fix: 'Name mikro-orm.config.js alone: it says where the entities are.',
    })
  })

  test('decides about names and discovery', async () => {
    const root = userProject({
      'mikro-orm.config.js': `
        import { EntityCaseNamingStrategy, defineEntity, p } from '@mikro-orm/core'
        const UserGroup = defineEntity({ name: 'UserGroup', properties: { id: p.integer().primary(), shortName: p.string() } })
        const Skipped = defineEntity({ name: 'Skipped', properties: { id: p.integer().primary() } })
        export default { entities: [UserGroup, Skipped], namingStrategy: EntityCaseNamingStrategy, schemaGenerator: { skipTables: ['Skipped'] },
          discovery: { async onMetadata(meta) { await 0; meta.properties.shortName && (meta.properties.shortName.length = 12) } } }`,
    })
    const { declared } = await readEntities('sqlite', { root, paths: [] })
    expect(Object.keys(declared.tables)).toEqual(['UserGroup'])
    expect(declared.tables['UserGroup']?.columns[1]).toEqual({
      name: 'shortName',
      type: 'string',
      length: 12,
    })
  })

  test('connects to nothing, whatever it and the environment say', async () => {
    const root = userProject({
      'mikro-orm.config.js': `
        import { defineConfig, defineEntity, p } from '@mikro-orm/postgresql'
        const A = defineEntity({ name: 'A', properties: { id: p.integer().primary() } })
        const fail = () => { throw new Error('used') }
        export default defineConfig({ entities: [A], clientUrl: 'postgres://u:p@127.0.0.1:1/d', debug: true, logger: fail, subscribers: [class { constructor() { fail() } }],
          driverOptions: fail, password: fail, metadataCache: { enabled: true, adapter: fail }, preferEnvVars: true })`,
    })
    const env = {
      MIKRO_ORM_CLIENT_URL: 'mysql://127.0.0.1:1/x',
      MIKRO_ORM_DB_NAME: 'x',
      MIKRO_ORM_ENTITIES: 'nowhere',
    }
    expect(await inNode(root, [], env)).toEqual({ tables: ['a'] })
  })

  test.each([
    ['names no entity', 'export default { entities: [] }', 'mikro-orm.config.js names no entity.'],
    [
      'matches no module',
      `export default { entities: ['src/*.js'] }`,
      'mikro-orm.config.js names no entity: 0 modules in ROOT match "src/*.js".',
    ],
    ['throws', `throw new Error('no')`, 'mikro-orm.config.js failed to load: no'],
    [
      'has a function that throws',
      `export default () => { throw new Error('no') }`,
      'ROOT/mikro-orm.config.js failed: no',
    ],
    [
      'exports something else',
      'export default 3',
      'No entity is exported by the 1 module that matches "mikro-orm.config.js".',
    ],
  ])('that %s is told', async (_, text, message) => {
    const root = userProject({ 'mikro-orm.config.js': text })
    const told = message.replace('ROOT', root)
    await expect(tableNames(root, ['mikro-orm.config.js'])).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: told,
    })
  })

  test('that is nowhere is told', async () => {
    const root = userProject({})
    await expect(tableNames(root)).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: `There is no mikro-orm.config file in ${root}, and no \`entities\` in the configuration.`,
      fix: "Say where the entities are: `entities: ['src/entities/*.ts']`.",
    })
  })
})

describe('TypeScript', () => {
  test('that Node runs is run by Node', async () => {
    expect(await inNode(userProject({ 'a.ts': `${entity('A')}export type X = string` }), ['a.ts'])).toEqual({
      tables: ['a'],
    })
  })

  const beyond = [
    ['an enum', 'enum Role { Admin }', 'TypeScript enum is not supported in strip-only mode'],
    [
      'a decorator',
      'function d() {}\n@d class X {}',
      'it, or a file that it imports, has syntax that JavaScript has not, such as decorators',
    ],
    ['an import of .js that is .ts', `import './other.js'`, 'there is no src/other.js, only src/other.ts'],
  ] as const

  test.each(beyond)('with %s needs tsx', async (_, text, reason) => {
    const root = userProject(
      { 'src/a.ts': `${entity('A')}${text}`, 'src/other.ts': '', 'package.json': '{ "type": "module" }' },
      { packages: false },
    )
    mkdirSync(path.join(root, 'node_modules'))
    symlinkSync(path.join(repository, 'node_modules/@mikro-orm'), path.join(root, 'node_modules/@mikro-orm'))
    expect(await inNode(root, ['src/a.ts'])).toEqual({
      code: 'ENTITIES_INVALID',
      message: `src/a.ts cannot be loaded by Node itself: ${reason}.`,
      fix: 'npm install --save-dev tsx (or point `entities` in the configuration at the compiled .js files)',
    })
  })

  test('that imports a package which is not there says so', async () => {
    const root = userProject({ 'a.ts': `import 'not-there/deep'` })
    expect(await inNode(root, ['a.ts'])).toMatchObject({
      code: 'ENTITIES_INVALID',
      message: expect.stringContaining('not-there'),
    })
  })

  test('that nobody can compile is told with its line', async () => {
    const root = userProject({ 'src/a.ts': 'export const x =', 'package.json': '{ "type": "module" }' })
    expect(await inNode(root, ['src/a.ts'])).toEqual({
      code: 'ENTITIES_INVALID',
      message: `src/a.ts failed to load: ${root}/src/a.ts:1:16: ERROR: Unexpected end of file`,
      fix: 'Correct it, or what it imports; --debug prints the whole error.',
    })
  })

  test('of no package at all are ES modules', async () => {
    const root = userProject({ 'a.ts': entity('A') })
    rmSync(path.join(root, 'package.json'), { force: true })
    expect(await inNode(root, ['*.ts'])).toEqual({ tables: ['a'] })
  })

  test.each(['module', 'commonjs'])('of a %s package is run by tsx', async (type) => {
    const root = userProject({
      'package.json': `{ "type": "${type}" }`,
      'a.ts': `${entity('A')}enum Role { Admin }\nexport { B } from './b.js'`,
      'b.ts': entity('B'),
    })
    expect(await inNode(root, ['*.ts'])).toEqual({ tables: ['a', 'b'] })
  })
})

describe('decorators', () => {
  const person = (kind: string): string => `
    import { Entity, Enum, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/${kind}'
    @Entity({ tableName: 'people' })
    @Unique({ properties: ['name'] })
    export class Person {
      @PrimaryKey({ type: 'integer' }) id!: number
      @Property({ type: 'string', length: 60 }) name!: string
      @Enum({ items: () => ['a', 'b'] }) kind!: string
      @ManyToOne(() => Person, { nullable: true }) boss?: Person
    }`
  const legacyOptions = '{ "compilerOptions": { "experimentalDecorators": true } }'

  test('of both kinds are run by tsx as tsconfig.json says', async () => {
    const root = userProject({ 'a.ts': person('es') })
    const legacy = userProject({ 'a.ts': person('legacy'), 'tsconfig.json': legacyOptions })
    const program = `
      const { readEntities } = await import(${JSON.stringify(path.join(repository, 'plugins/mikro-orm/entities.ts'))})
      const read = (root) => readEntities('sqlite', { root, paths: ['a.ts'] })
      console.log(JSON.stringify([(await read('${root}')).declared, (await read('${legacy}')).declared]))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
    const [one, other]: readonly unknown[] = JSON.parse(stdout)
    expect(other).toEqual(one)
    expect(one).toMatchObject({
      tables: {
        people: {
          columns: [
            { name: 'id', type: 'integer', autoincrement: true },
            { name: 'name', type: 'string', length: 60 },
            { name: 'kind', type: 'text' },
            { name: 'boss_id', type: 'integer', nullable: true },
          ],
          uniques: [{ name: 'people_name_unique', columns: ['name'] }],
          checks: [{ column: 'kind', expression: { in: ['a', 'b'] } }],
        },
      },
    })
  })

  test('of one kind that are compiled as the other are told with what to set', async () => {
    const root = userProject({ 'a.ts': person('legacy') })
    expect(await inNode(root, ['a.ts'])).toMatchObject({
      code: 'ENTITIES_INVALID',
      fix: 'Set "experimentalDecorators": true in tsconfig.json, or import from @mikro-orm/decorators/es.',
    })
    const other = userProject({ 'a.ts': person('es'), 'tsconfig.json': legacyOptions })
    expect(await inNode(other, ['a.ts'])).toMatchObject({
      code: 'ENTITIES_INVALID',
      fix: 'Take "experimentalDecorators" out of tsconfig.json, or import from @mikro-orm/decorators/legacy.',
    })
  })
})

describe('F55: MikroORM', () => {
  /** Stands where a package is looked for; it is never loaded. */
  function fakePackages(root: string, versions: Readonly<Record<string, string>>): void {
    for (const [name, version] of Object.entries(versions)) {
      const folder = path.join(root, 'node_modules', name)
      mkdirSync(folder, { recursive: true })
      writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }))
      writeFileSync(path.join(folder, 'index.js'), 'throw new Error("loaded")')
    }
  }

  test('that is not installed is told with the command that installs it', async () => {
    const root = userProject({ 'a.js': 'export {}' }, { packages: false })
    await expect(tableNames(root, ['a.js'], 'postgresql')).rejects.toMatchObject({
      code: 'MIKRO_ORM_MISSING',
      exitCode: 2,
      message: '@mikro-orm/core and @mikro-orm/postgresql cannot be found from the project.',
      fix: 'npm install @mikro-orm/core @mikro-orm/postgresql',
    })
    fakePackages(root, { '@mikro-orm/core': '7.2.1' })
    await expect(tableNames(root, ['a.js'])).rejects.toMatchObject({
      code: 'MIKRO_ORM_MISSING',
      message: '@mikro-orm/sqlite cannot be found from the project.',
    })
  })

  test.each(['6.4.16', '7.1.13', '8.0.0'])('%s is not the version that is needed', async (version) => {
    const root = userProject({ 'a.js': 'export {}' }, { packages: false })
    fakePackages(root, { '@mikro-orm/core': version, '@mikro-orm/sqlite': version })
    await expect(tableNames(root, ['a.js'])).rejects.toMatchObject({
      code: 'MIKRO_ORM_MISSING',
      message: `@mikro-orm/core ${version} is installed; aludel reads entities with ^7.2.0.`,
      fix: 'npm install @mikro-orm/core@^7.2.0 @mikro-orm/sqlite@^7.2.0',
    })
  })

  test('in two copies is told with their places', async () => {
    const root = userProject({ 'a.js': 'export {}' }, { packages: false })
    fakePackages(root, { '@mikro-orm/core': '7.2.1' })
    symlinkSync(
      path.join(repository, 'node_modules/@mikro-orm/sqlite'),
      path.join(root, 'node_modules/@mikro-orm/sqlite'),
    )
    await expect(tableNames(root, ['a.js'])).rejects.toMatchObject({
      code: 'MIKRO_ORM_MISSING',
      message: `Two copies of @mikro-orm/core are installed, 7.2.1 in ${root}/node_modules/@mikro-orm/core and 7.2.1 in ${repository}/node_modules/@mikro-orm/core: entities of one are unknown to the other.`,
    })
  })

  test('beside the entities counts when the project itself has none', async () => {
    const root = userProject(
      { 'packages/db/package.json': '{ "type": "module" }', 'packages/db/a.js': entity('A') },
      { packages: false },
    )
    symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'packages/db/node_modules'))
    expect(await tableNames(root, ['packages/db/a.js'])).toEqual(['a'])
  })

  test('that refuses the entities is quoted', async () => {
    const root = userProject({
      'a.js': `import { defineEntity, p } from '@mikro-orm/core'\nexport const A = defineEntity({ name: 'A', properties: { name: p.string() } })`,
    })
    await expect(tableNames(root, ['a.js'])).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: 'MikroORM refuses the entities: A entity is missing @PrimaryKey()',
      cause: expect.any(Error),
    })
  })

  test('with entities in another schema is for PostgreSQL, and never with entities in any schema', async () => {
    const billed = entity('A').replace("name: 'A',", "name: 'A', schema: 'billing',")
    const root = userProject({ 'a.js': billed, 'any.js': billed.replace('billing', '*') })
    await expect(tableNames(root, ['a.js'], 'mariadb')).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: 'Entities in a schema of their own are for PostgreSQL: A (billing).',
      fix: 'Remove `schema` from them.',
    })
    await expect(tableNames(root, ['any.js'], 'postgresql')).rejects.toMatchObject({
      code: 'ENTITIES_INVALID',
      message: 'Entities in a schema that is known only when they are used cannot be compared: A (*).',
      fix: 'Name the schema, or leave them out of `entities` in the configuration.',
    })
  })

  test('with entities in the schema public is', async () => {
    const root = userProject({ 'a.js': entity('A').replace("name: 'A',", "name: 'A', schema: 'public',") })
    expect(await tableNames(root, ['a.js'], 'postgresql')).toEqual(['a'])
  })
})
