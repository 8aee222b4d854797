import { expect, test } from 'vitest'
import { misfits, processRevision } from '../../src/commands/process-revision.ts'
import type { GeneratedRevision, ProcessRevision } from '../../src/config.ts'
import type { Schema } from '../../src/schema/schema.ts'

const given: GeneratedRevision = {
  message: 'Next',
  revision: 'b2',
  downRevision: ['a1'],
  branchLabels: [],
  dependsOn: [],
  upgrade: [{ kind: 'addColumn', table: 'users', column: { name: 'age', type: 'integer' } }],
  downgrade: [{ kind: 'dropColumn', table: 'users', column: 'age' }],
  allowDataLoss: [],
}

test('a hook that gives nothing changes nothing; one that gives a part changes that', async () => {
  expect(await processRevision(() => undefined, given)).toBe(given)
  expect(
    await processRevision(async ({ upgrade, ...rest }) => ({ ...rest, upgrade: [...upgrade] }), given),
  ).toEqual(given)
  const upgrade = [{ kind: 'execute', sql: 'select 1' }] as const
  expect(await processRevision(() => ({ upgrade, message: 'Other' }), given)).toEqual({
    ...given,
    message: 'Other',
    upgrade,
  })
})

test.each<[string, (revision: GeneratedRevision) => unknown, string]>([
  ['no revision', () => 'x', 'must give a revision, or nothing'],
  ['a key that is none', () => ({ up: [] }), 'gives `up`, which a revision has not'],
  ['another id', () => ({ revision: 'c3' }), 'cannot change `revision`'],
  ['no message', () => ({ message: ' ' }), 'gives no `message`'],
  ['no list', () => ({ upgrade: {} }), 'must give a list of operations as `upgrade`'],
  [
    'an unknown kind',
    () => ({ downgrade: [{ kind: 'addTable' }] }),
    'gives what is no operation as downgrade[0]',
  ],
  [
    'an operation that lacks something',
    () => ({ upgrade: [{ kind: 'dropColumn', table: 'users' }] }),
    'gives as upgrade[0] what cannot be written: op.dropColumn: the name of a column is missing',
  ],
  ['no names', () => ({ allowDataLoss: [1] }), 'must give a list of names as `allowDataLoss`'],
])('a hook that gives %s is refused by its name', async (_, hook, fault) => {
  await expect(processRevision(hook as ProcessRevision, given)).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: `In the configuration processRevision ${fault}.`,
    state: 'Nothing was written.',
  })
})

test('a hook that throws, or changes what it is given in place, is a fault of the configuration', async () => {
  const inPlace = ({ upgrade }: { upgrade: unknown[] }): void => void upgrade.pop()
  await expect(processRevision(inPlace as unknown as ProcessRevision, given)).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringMatching(
      /^In the configuration processRevision throws: Cannot delete property '0'/,
    ),
  })
  expect(given.upgrade).toHaveLength(1)
})

test('operations that do not follow from each other are told, as far as that can be known', () => {
  const users: Schema = { tables: { users: { name: 'users', columns: [{ name: 'id', type: 'integer' }] } } }
  const { upgrade, downgrade } = given
  expect(misfits({ upgrade, downgrade }, users)).toEqual([])
  expect(misfits({ upgrade: [], downgrade }, users)).toEqual([
    'What processRevision left in `downgrade` does not fit the rest: Column users.age is not known.',
  ])
  expect(misfits({ upgrade, downgrade: [] }, { tables: {} })).toEqual([
    'What processRevision left in `upgrade` does not fit the rest: Table users is not known.',
  ])
  expect(misfits({ upgrade: [{ kind: 'execute', sql: 'select 1' }], downgrade }, users)).toEqual([])
})
