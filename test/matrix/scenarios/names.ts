import { id, type Scenarios } from '../scenario.ts'

const odd = 'tableName: \'Odd "Table" t$\', '
const columns =
  "select: p.string().nullable(), camelCase: p.string().name('camelCase').nullable(), space: p.string().name('with space').nullable().index(), quote: p.string().name('it\\'s').nullable()"

export const names: Scenarios = {
  'reserved and odd names': {
    before: { order: id },
    after: { order: `${id}, ${columns}, order: p.integer().nullable().unique()` },
    rows: [],
  },
  'a table with an odd name': {
    before: {},
    after: { group: [`${id}, ${columns}`, "comment: 'a group'"] },
    unseen: {},
  },
  'a table with an odd name dropped': { before: { where: [`${id}, ${columns}`, ''] }, after: {} },
  'a table with capitals': {
    before: { Kinds$: `${id}, Name: p.string().name('Name')` },
    after: {
      Kinds$: `${id}, Name: p.text().name('Name').nullable(), 'Other': p.integer().name('Other').nullable().index()`,
    },
    rows: [],
  },
  'a table with spaces and quotes': {
    before: {},
    after: {
      spaced$: [`${id}, ${columns}, parent: () => p.manyToOne(spaced$).nullable()`, odd.replace(/, $/, '')],
    },
  },
}
