import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DrawnNode, graphLines } from '../../scripts/support/graph-lines.ts'
import { cellsOf } from '../../scripts/support/text-width.ts'
import { paint } from '../../scripts/support/paint.ts'
import { readPicture } from '../support/read-picture.ts'

/** One node an item, newest first: `N1<-N2,N3`. */
function nodes(...items: readonly string[]): readonly DrawnNode[] {
  return items.map((item) => {
    const [id = '', parents] = item.split('<-')
    return { id, parents: parents?.split(',') ?? [], mark: '*', about: [] }
  })
}

function picture(list: readonly DrawnNode[], columns = 80): readonly string[] {
  return graphLines(list, { columns }).map((line) => paint(line, { columns: 1000, color: false }))
}

describe('a picture', () => {
  test.each<[string, readonly string[], string]>([
    ['of nothing is empty', [], ''],
    [
      'of a chain is one lane',
      ['N1<-N2', 'N2<-N3', 'N3'],
      `
* N1
* N2
* N3`,
    ],
    [
      'of a branch that is merged is what git draws',
      ['N1<-N2,N3', 'N2<-N4', 'N3<-N5', 'N5<-N4', 'N4'],
      `
*   N1
|\\
* | N2
| * N3
| * N5
|/
* N4`,
    ],
    [
      'of two heads that are from one revision lets the right one join',
      ['N1<-N3', 'N2<-N3', 'N3'],
      `
* N1
| * N2
|/
* N3`,
    ],
    [
      'of lines that meet from the left keeps the left lane',
      ['N1<-N3', 'N2<-N4', 'N5<-N4', 'N3<-N4', 'N4'],
      `
* N1
| * N2
| | * N5
| |/
* | N3
|/
* N4`,
    ],
    [
      'of a merge of four branches from one revision has one row to them and joins each',
      ['N1<-N2,N3,N4,N5', 'N5<-N6', 'N3<-N6', 'N4<-N6', 'N2<-N6', 'N6'],
      `
*       N1
+-.-.-.
| | | * N5
| * | | N3
| +-|-'
| | * N4
| |/
* | N2
|/
* N6`,
    ],
    [
      'of merges criss-cross crosses none that it does not mean',
      ['N1<-N3,N4', 'N2<-N4,N3', 'N3<-N5', 'N4<-N5', 'N5'],
      `
*   N1
|\\
| | * N2
+-+-'
* | N3
| * N4
|/
* N5`,
    ],
    [
      'of a line to a lane further away crosses those between',
      ['N1<-N4', 'N2<-N5', 'N3<-N4', 'N4<-N5,N6', 'N5', 'N6'],
      `
* N1
| * N2
| | * N3
+-|-'
* | N4
|\\|
| * N5
* N6`,
    ],
    [
      'of several bases keeps them apart',
      ['N1', 'N2<-N3', 'N3', 'N4'],
      `
* N1

* N2
* N3

* N4`,
    ],
    [
      'of a base below a line that goes on keeps it apart from the next head',
      ['N1<-N5', 'N2', 'N3<-N5', 'N5'],
      `
* N1
| * N2
|
| * N3
|/
* N5`,
    ],
    [
      'of a lane that is free moves what is right of it there, and uses it again',
      ['N1', 'N2<-N4', 'N3<-N6', 'N4', 'N6<-N7', 'N8<-N7', 'N7'],
      `
* N1

* N2
| * N3
* | N4
  * N6
 /
| * N8
|/
* N7`,
    ],
    [
      'of a part ends the lines that leave it',
      ['N1<-N3', 'N2<-N3,N8', 'N3<-N9'],
      `
* N1
| * N2
|/|
| ~
* N3
~`,
    ],
  ])('%s', (_, items, expected) => {
    expect(picture(nodes(...items)).join('\n')).toBe(expected.replace(/^\n/, ''))
  })
})

describe('a graph that is wider than the screen', () => {
  const branches = (count: number): readonly DrawnNode[] =>
    nodes(
      ...Array.from({ length: count }, (_, at) => `N${at + 1}<-N${count + 1}`),
      `N${count + 1}<-N${count + 2},N${count + 3}`,
      `N${count + 2}`,
      `N${count + 3}`,
    )

  test('shows the lanes for which there is room, and names the parents of the nodes beyond them', () => {
    expect(picture(branches(4), 37).join('\n')).toBe(`* N1
| * N2
|/
| * N3
|/
| * N4
|/
*   N5
|\\
* | N6
  * N7`)
    const heads = nodes('N1<-N6', 'N2<-N7', 'N3<-N8,N9', 'N4<-N6', 'N6<-N10', 'N7', 'N8', 'N9', 'N10')
    expect(picture(heads, 37).join('\n')).toBe(`* N1
| * N2
| | >* N3 <- N8, N9
| | >* N4 <- N6
+-|->
* | > N6
| * > N7
|   >* N8
|   >* N9
* N10`)
  })

  test('leaves 32 cells for text, and no line of 50 lanes is longer than the screen', () => {
    const list = nodes(
      ...Array.from({ length: 50 }, (_, at) => `N${at}<-N${at + 50}`),
      ...Array.from({ length: 50 }, (_, at) => `N${at + 50}`),
    ).map((node) => ({ ...node, about: [{ text: ', A message that has no room beside so many lanes' }] }))
    const lines = graphLines(list, { columns: 80 }).map((line) => paint(line, { columns: 80, color: false }))
    expect(lines).toHaveLength(100)
    expect(lines[22]).toBe(`${'| '.repeat(22)}* N22, A message that has no room b…`)
    expect(lines[49]).toBe(`${'| '.repeat(24)}>* N49 <- N99, A message that h…`)
    expect(lines[50]).toBe(`* ${'| '.repeat(23)}> N50, A message that has no ro…`)
    expect(Math.max(...lines.map(cellsOf))).toBe(80)
  })
})

describe('a long history', () => {
  test('of 100,000 revisions in a chain is a line each', () => {
    const chain = nodes(
      ...Array.from({ length: 100_000 }, (_, at) => (at === 99_999 ? `N${at}` : `N${at}<-N${at + 1}`)),
    )
    const lines = picture(chain)
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([100_000, '* N0', '* N99999'])
  })

  // It takes 0.15 s of a processor.
  test('of 10,000 revisions with a merge every 10 is drawn in less than 2 s', () => {
    const parents = (at: number) => [at + 3, ...(at % 10 === 0 ? [at + 7] : [])].filter((n) => n < 10_000)
    const list = Array.from({ length: 10_000 }, (_, at) => ({
      ...{ id: `N${at}`, mark: '*', about: [{ text: `, Message ${at}` }] },
      parents: parents(at).map((n) => `N${n}`),
    }))
    const begin = performance.now()
    const lines = graphLines(list, { columns: 80 }).map((line) => paint(line, { columns: 80, color: true }))
    expect(performance.now() - begin).toBeLessThan(2000)
    expect(lines.length).toBeGreaterThan(10_000)
  })
})

/** Graphs of up to 15 nodes in any order that has children first; a parent below zero is not in the list. */
const graphs = fc
  .array(fc.array(fc.integer({ min: -2, max: 14 }), { maxLength: 4 }), { maxLength: 15 })
  .map((parents) =>
    parents.map((list, at) => {
      const later = list.flatMap((n) =>
        n < 0 ? [`N${90 - n}`] : at + 1 + n < parents.length ? [`N${at + 1 + n}`] : [],
      )
      return `N${at}${later.length === 0 ? '' : `<-${later.join(',')}`}`
    }),
  )

function edgesOf(list: readonly DrawnNode[]): { readonly edges: string[]; readonly ended: string[] } {
  const ids = new Set(list.map(({ id }) => id))
  const all = list.flatMap(({ id, parents }) => [...new Set(parents)].map((parent) => ({ id, parent })))
  return {
    edges: all.flatMap(({ id, parent }) => (ids.has(parent) ? [`${id} ${parent}`] : [])).toSorted(),
    ended: all.flatMap(({ id, parent }) => (ids.has(parent) ? [] : [id])).toSorted(),
  }
}

describe('the lines of any graph lead from each node to its parents and nowhere else', () => {
  test('as they are followed down the picture', () => {
    const follow = (items: readonly string[]) => {
      const list = nodes(...items)
      expect(readPicture(picture(list))).toEqual({ ...edgesOf(list), told: [] })
    }
    fc.assert(fc.property(graphs, follow), { numRuns: 3000 })
  })

  test('or are told where the screen is too narrow for them', () => {
    const follow = (items: readonly string[], columns: number) => {
      const list = nodes(...items)
      const { edges, ended, told } = readPicture(picture(list, columns))
      const expected = edgesOf(list)
      const known = told.filter((edge) => !/N9\d$/.test(edge))
      expect([...new Set([...edges, ...known])].toSorted()).toEqual(expected.edges)
      const lost = told.filter((edge) => /N9\d$/.test(edge)).map((edge) => edge.split(' ')[0])
      expect(new Set([...ended, ...lost])).toEqual(new Set(expected.ended))
    }
    fc.assert(fc.property(graphs, fc.integer({ min: 1, max: 42 }), follow), { numRuns: 3000 })
  })

  test('and each node is drawn once, in the order of the list', () => {
    fc.assert(
      fc.property(graphs, (items) => {
        const drawn = picture(nodes(...items)).flatMap((line) => /N\d+$/.exec(line) ?? [])
        expect(drawn).toEqual(items.map((_, at) => `N${at}`))
      }),
    )
  })

  test('which the reader would see', () => {
    const drawn = picture(nodes('N0<-N3', 'N1<-N4', 'N2<-N3,N4', 'N3', 'N4'))
    const { edges } = readPicture(drawn)
    expect(edges).toEqual(['N0 N3', 'N1 N4', 'N2 N3', 'N2 N4'])
    const spoiled = drawn.flatMap((line, row) =>
      [...line].flatMap((character, at) =>
        '*N0123456789'.includes(character)
          ? []
          : [' ', '|', '/', '\\', '+', '-', '.', "'"].flatMap((other) =>
              other === character ? [] : [drawn.with(row, line.slice(0, at) + other + line.slice(at + 1))],
            ),
      ),
    )
    const fooled = spoiled.filter((lines) => {
      try {
        return readPicture(lines).edges.join() === edges.join()
      } catch {
        return false
      }
    })
    expect(spoiled.length).toBeGreaterThan(50)
    expect(fooled.map((lines) => lines.join('\n'))).toEqual([])
  })
})
