/** Scripts of generated revisions: no shape was read from a database, and yet their statements leave what those of a run leave. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { loadSettings } from '../../../config/load.ts'
import { downgradeScript, upgradeScript } from '../../../src/commands/offline.ts'
import { revision } from '../../../src/commands/revision.ts'
import { downgrade, upgrade } from '../../../src/commands/upgrade.ts'
import { catalog } from '../../support/catalog.ts'
import { describeClients } from '../../support/client.ts'
import { type TestDatabase, database } from '../../support/database.ts'
import { feed } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { dialectNames } from '../../support/servers.ts'
import { caller, entitiesText, scenarios } from '../generate/scenarios.ts'

describeClients('a script of generated revisions', (dialect) => {
  let online: TestDatabase
  let offline: TestDatabase
  beforeAll(async () => {
    ;[online, offline] = [await database(dialect), await database(dialect)]
  })
  afterEach(() => Promise.all([online, offline].map((db) => db.clear())))
  afterAll(() => Promise.all([online, offline].map((db) => db.drop())))

  // Each scenario on one database of three; all on all of them take minutes.
  const isChosen = (at: number): boolean =>
    process.env['TEST_LONG'] !== undefined || at % 3 === dialectNames.indexOf(dialect) % 3
  const cases = Object.entries(scenarios).map(([name, scenario], at) => {
    const chosen = isChosen(at)
    return { name: chosen ? name : `${name}: here with TEST_LONG=1`, isLeftOut: !chosen, ...scenario }
  })

  test.for(cases)('$name', async ({ isLeftOut, before, after, renames = [] }, { skip }) => {
    skip(isLeftOut, 'with TEST_LONG=1 only')
    const app = project({
      'aludel.config.json': '{}',
      'before.ts': entitiesText(before),
      'after.ts': entitiesText(after),
    })
    const loaded = await loadSettings({ cwd: app.folder, env: {}, url: online.url })
    const settings = (file: string) => ({ ...loaded, entities: { root: app.folder, paths: [file] } })
    const generate = (file: string) =>
      revision(
        settings(file),
        {
          message: file,
          autogenerate: true,
          fromEmpty: false,
          revId: undefined,
          renames: file === 'after.ts' ? renames : [],
        },
        caller,
      )
    const first = (await generate('before.ts')).revision ?? ''
    const run = { allowEdited: false, consent: 'everything' } as const
    await upgrade(loaded, { ...run, targets: ['head'] }, caller)
    await generate('after.ts')
    await upgrade(loaded, { ...run, targets: ['head'] }, caller)
    const script = { idempotent: false, single: false, mayLose: true }
    await feed(offline.url, (await upgradeScript(loaded, { ...script, range: 'base:head' }, caller)).sql)
    expect(await catalog(offline.url)).toEqual(await catalog(online.url))
    await downgrade(loaded, { ...run, targets: [first] }, caller)
    await feed(
      offline.url,
      (await downgradeScript(loaded, { ...script, range: `head:${first}` }, caller)).sql,
    )
    expect(await catalog(offline.url)).toEqual(await catalog(online.url))
  })
})
