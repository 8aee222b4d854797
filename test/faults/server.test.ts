import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { expectLost } from '../support/lost.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'
import { outcome, stepFiles } from '../support/steps.ts'
import { startMariadb, startPostgres, type Throwaway } from '../support/throwaway.ts'

const starts: Readonly<Record<string, () => Promise<Throwaway>>> = {
  postgresql: startPostgres,
  mariadb: startMariadb,
}

describeDialects(
  'F12: the server crashes and is started again',
  (dialect) => {
    let server: Throwaway | undefined
    beforeAll(async () => {
      server = await starts[dialect]?.()
    })
    afterAll(() => server?.stop())

    /** An empty database of the server. */
    const create = async (database: string) => {
      const url = new URL(server?.url ?? '')
      await sql(url.href, `create database ${database}`)
      url.pathname = `/${database}`
      return { url: url.href, env: { DATABASE_URL: url.href } }
    }

    // Where DDL commits, the next run fails when it does not begin at the position that the journal keeps.
    test.each([5, 8])('before statement %i: the step is absent, and the next run goes on', async (time) => {
      const undisturbed = await create(`undisturbed_${time}`)
      const app = project(stepFiles)
      expect((await app.run(['upgrade'], undisturbed)).status).toBe(0)
      const { url, env } = await create(`crashed_${time}`)
      const run = app.start(['upgrade', '--json'], {
        env: { ...env, ALUDEL_TEST_STOP: `mid-step:${time}` },
      })
      await run.stopped('mid-step')
      await server?.restart()
      run.kill('SIGCONT')
      const ended = await run.ended
      expectLost(ended)
      const { error } = JSON.parse(ended.stdout)
      const id = time === 8 ? 'c1' : 'b1'
      expect(error.message).toContain(id)
      expect(error.details).toMatchObject({ revision: id })
      expect((await outcome(url)).applied).toEqual(time === 8 ? ['a1', 'b1'] : ['a1'])
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
      expect(await outcome(url)).toEqual(await outcome(undisturbed.url))
    })

    test('while a statement runs: its step is absent, and the next run does it', async () => {
      const { url, env } = await create('meanwhile')
      const nap = dialect === 'postgresql' ? 'pg_sleep' : 'sleep'
      const up = `await op.query("insert into proof (step) values ('d1')")
  await op.query('select ${nap}(' + (process.env.NAP ?? '0') + ')')`
      const app = project({ ...stepFiles, ...revisionFile('d1', { down: 'c1', up }) })
      const run = app.start(['upgrade', '--json'], { env: { ...env, NAP: '30' } })
      await run.said('c1 -> d1')
      await new Promise((done) => setTimeout(done, 300))
      await server?.restart()
      expectLost(await run.ended)
      expect(await sql(url, "select step from proof where step = 'd1'")).toEqual([])
      expect(JSON.parse((await app.run(['upgrade', '--json'], { env })).stdout)).toMatchObject({
        steps: [{ revision: 'd1' }],
      })
      expect(await sql(url, "select step from proof where step = 'd1'")).toEqual([['d1']])
    })
  },
  ['postgresql', 'mariadb'],
)
