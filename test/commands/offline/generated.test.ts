/** Scripts of generated revisions: no shape was read from a database, and yet their statements leave what those of a run leave. */
import { expect, test } from 'vitest'
import { loadSettings } from '../../../config/load.ts'
import { downgradeScript, upgradeScript } from '../../../src/commands/offline.ts'
import { revision } from '../../../src/commands/revision.ts'
import { downgrade, upgrade } from '../../../src/commands/upgrade.ts'
import { caller } from '../../support/caller.ts'
import { catalog } from '../../support/catalog.ts'
import { describeClients } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { feed } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { type Entities, entitiesText, instance } from '../../matrix/scenario.ts'
import { scenarios } from '../../matrix/scenarios/all.ts'

describeClients('a script of generated revisions', (dialect) => {
  const instances = Object.entries(scenarios)
    .map(([name, scenario], at) => instance(name, at + 1, scenario))
    .filter(({ scenario }) => scenario.not?.[dialect] === undefined && scenario.outside === undefined)
  const all = (side: 'before' | 'after'): Entities =>
    Object.assign({}, ...instances.map(({ scenario }) => scenario[side]))

  test('does what a run does, there and back, with every scenario of the matrix', async () => {
    await using online = await database(dialect)
    await using offline = await database(dialect)
    const app = project({
      'aludel.config.json': '{}',
      'before.ts': entitiesText(all('before')),
      'after.ts': entitiesText(all('after')),
    })
    const loaded = await loadSettings({ cwd: app.folder, env: {}, url: online.url })
    const generate = async (side: 'before' | 'after') => {
      const settings = { ...loaded, entities: { root: app.folder, paths: [`${side}.ts`] } }
      const answers = side === 'after' ? instances.flatMap(({ scenario }) => scenario.renames ?? []) : []
      const renames = answers.map((typed) => ({ typed }))
      const options = { message: side, autogenerate: true, fromEmpty: false, revId: undefined, renames }
      return (await revision(settings, options, caller)).revision ?? ''
    }
    const run = { allowEdited: false, consent: 'everything' } as const
    const script = { idempotent: false, single: false, mayLose: true }
    const first = await generate('before')
    await upgrade(loaded, { ...run, targets: ['head'] }, caller)
    await generate('after')
    await upgrade(loaded, { ...run, targets: ['head'] }, caller)
    await feed(offline.url, (await upgradeScript(loaded, { ...script, range: 'base:head' }, caller)).sql)
    expect(await catalog(offline.url)).toEqual(await catalog(online.url))
    await downgrade(loaded, { ...run, targets: [first] }, caller)
    const back = await downgradeScript(loaded, { ...script, range: `head:${first}` }, caller)
    await feed(offline.url, back.sql)
    expect(await catalog(offline.url)).toEqual(await catalog(online.url))
  }, 180_000)
})
