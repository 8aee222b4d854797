/** What a script of the history leaves is what a run leaves. */
import { cpSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalog } from '../../support/catalog.ts'
import { describeClients, scriptKinds } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { ledgerContent } from '../../support/ledger.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { orderingFiles } from '../../support/ordering.ts'
import { type Project, project } from '../../support/project.ts'
import { snapshot } from '../../support/snapshot.ts'
import { historyFiles, historyRows } from './history.ts'

/** The ordering app with the revisions of this repository. */
function ordering(): Project {
  const app = project(orderingFiles())
  const revisions = path.join(import.meta.dirname, '../../../migrations')
  cpSync(revisions, path.join(app.folder, 'migrations'), { recursive: true })
  return app
}

describeClients('a script', (dialect) => {
  describe.each(scriptKinds(dialect))('$kind', ({ options }) => {
    test('of the ordering app leaves what a run leaves, there and back', { timeout: 120_000 }, async () => {
      const [online, offline] = await Promise.all([database(dialect), database(dialect)])
      const app = ordering()
      const [on, off] = [commandsOn(app, online.url), commandsOn(app, offline.url)]
      await on('upgrade', 'heads')
      await feed(offline.url, await script(app, dialect, 'upgrade', 'base:heads', ...options))
      expect(await catalog(offline.url)).toEqual(await catalog(online.url))
      expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
      expect(await off('current')).toMatchObject({ applied: 1, pending: 0, edited: [], atHead: true })
      expect(await off('upgrade')).toMatchObject({ steps: [] })
      const check = async (url: string) =>
        JSON.parse((await app.run(['check', '--json'], { env: { DATABASE_URL: url } })).stdout)
      expect(await check(offline.url)).toEqual(await check(online.url))
      await on('downgrade', 'base')
      await feed(offline.url, await script(app, dialect, 'downgrade', 'heads:base', ...options))
      expect(await catalog(offline.url)).toEqual([])
      expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
      expect(await off('current')).toMatchObject({ applied: 0, pending: 1 })
    })

    test(
      'of a history of all kinds leaves what a run leaves, there and back',
      { timeout: 120_000 },
      async () => {
        const [online, offline] = await Promise.all([database(dialect), database(dialect)])
        const app = project(historyFiles)
        const [on, off] = [commandsOn(app, online.url), commandsOn(app, offline.url)]
        await on('upgrade', 'heads')
        await feed(offline.url, await script(app, dialect, 'upgrade', 'base:heads', ...options))
        expect(await snapshot(offline.url, historyRows)).toEqual(await snapshot(online.url, historyRows))
        expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
        expect(await off('current')).toMatchObject({ applied: 6, pending: 0, edited: [], atHead: true })
        expect(await off('upgrade')).toMatchObject({ steps: [] })
        const log: readonly { revision: string }[] = await off('log')
        expect(log.map(({ revision }) => revision).toSorted()).toEqual(['a1', 'b1', 'c1', 'd1', 'e1', 'f1'])
        // What a script did a run takes back, and the other way round.
        await off('downgrade', 'base')
        expect(await catalog(offline.url)).toEqual([])
        await feed(online.url, await script(app, dialect, 'downgrade', 'heads:base', ...options))
        expect(await catalog(online.url)).toEqual([])
        expect(await ledgerContent(online.url)).toEqual(await ledgerContent(offline.url))
      },
    )
  })

  test('of a part of the history begins and ends where it says', { timeout: 120_000 }, async () => {
    const [online, offline] = await Promise.all([database(dialect), database(dialect)])
    const app = project(historyFiles)
    const [on, off] = [commandsOn(app, online.url), commandsOn(app, offline.url)]
    await off('upgrade', 'd1')
    await feed(offline.url, await script(app, dialect, 'upgrade', 'd1:e1'))
    await on('upgrade', 'e1')
    expect(await snapshot(offline.url, historyRows)).toEqual(await snapshot(online.url, historyRows))
    expect(await off('current')).toMatchObject({ heads: ['e1'], applied: 5 })
    await feed(offline.url, await script(app, dialect, 'downgrade', 'e1:b1'))
    await on('downgrade', 'b1')
    expect(await snapshot(offline.url, historyRows)).toEqual(await snapshot(online.url, historyRows))
    expect(await off('current')).toMatchObject({ applied: 3, pending: 3 })
  })
})
