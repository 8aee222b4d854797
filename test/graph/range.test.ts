import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../src/graph/graph.ts'
import { downgradeRange, stampRange, upgradeRange } from '../../src/graph/offline.ts'
import { historyRange, mentionsCurrent } from '../../src/graph/range.ts'
import { codeOf, revisions } from '../support/revisions.ts'

const line = buildGraph(revisions('ae10', 'bf20<-ae10', 'cc30<-bf20', 'dd40<-cc30'))
const shop = buildGraph(
  revisions('users', 'cart<-users @shop', 'pays<-cart', 'mail<-users', 'plug @addon', 'port<-plug +mail'),
)

describe('a range of the history', () => {
  test.each([
    ['ae10:cc30', 'cc30 bf20 ae10'],
    ['bf20:', 'dd40 cc30 bf20'],
    [':bf20', 'bf20 ae10'],
    [':', 'dd40 cc30 bf20 ae10'],
    ['base:heads', 'dd40 cc30 bf20 ae10'],
    ['-2:', 'dd40 cc30 bf20'],
    ['-9:', 'dd40 cc30 bf20 ae10'],
    ['bf20:+1', 'cc30 bf20'],
    [':head-1', 'cc30 bf20 ae10'],
    ['current:', 'dd40 cc30 bf20'],
    [':current', 'bf20 ae10'],
    ['current:+1', 'cc30 bf20'],
  ])('%s is %s', (range, expected) => {
    expect(historyRange(line, range, new Set(['ae10', 'bf20'])).join(' ')).toBe(expected)
  })

  test('of a branch leaves the others out; what it depends on is there', () => {
    expect(historyRange(shop, 'shop@base:shop@heads')).toEqual(['pays', 'cart', 'users'])
    expect([...historyRange(shop, 'addon@base:')].sort()).toEqual(['mail', 'plug', 'port', 'users'])
    expect(historyRange(shop, 'cart:')).toEqual(['pays', 'cart'])
  })

  test.each([
    ['cc30:ae10', 'NOT_ANCESTOR'],
    ['ae10', 'BAD_RANGE'],
    ['a:b:c', 'BAD_RANGE'],
    ['nope:', 'UNKNOWN_REVISION'],
    ['ae10:-1', 'RELATIVE_OUT_OF_RANGE'],
  ])('%s is refused with %s', (range, code) => {
    expect(codeOf(() => historyRange(line, range))).toBe(code)
  })

  test('across a dependency is no line', () => {
    expect(codeOf(() => historyRange(shop, 'mail:port'))).toBe('NOT_ANCESTOR')
  })

  test('asks the database only for `current`', () => {
    expect(['current:', ':current', 'a:b', 'currents:'].map(mentionsCurrent)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('a plan without a database', () => {
  test.each([
    ['bf20:dd40', 'cc30 dd40'],
    ['cc30', 'ae10 bf20 cc30'],
    [':cc30', 'ae10 bf20 cc30'],
    ['cc30:', 'dd40'],
    ['base:heads', 'ae10 bf20 cc30 dd40'],
    ['bf20:+1', 'cc30'],
    ['dd40:ae10', ''],
  ])('upgrade %s runs %s', (range, expected) => {
    expect(upgradeRange(line, range).steps.join(' ')).toBe(expected)
  })

  test.each([
    ['dd40:bf20', 'dd40 cc30'],
    ['cc30:base', 'cc30 bf20 ae10'],
    ['heads:-1', 'dd40'],
    [':cc30', 'dd40'],
    ['bf20:', 'bf20 ae10'],
  ])('downgrade %s runs %s', (range, expected) => {
    expect(downgradeRange(line, range).steps.join(' ')).toBe(expected)
  })

  test('starts from several heads with `heads` alone', () => {
    expect(upgradeRange(shop, 'pays:heads').steps).not.toContain('users')
    expect(codeOf(() => upgradeRange(shop, 'head:heads'))).toBe('MULTIPLE_HEADS')
    expect(downgradeRange(shop, 'heads:shop@base').steps).toContain('users')
  })

  test('a downgrade has to be told where it starts, an upgrade up to something above', () => {
    expect(codeOf(() => downgradeRange(line, 'ae10'))).toBe('SQL_NEEDS_RANGE')
    expect(codeOf(() => downgradeRange(line, 'bf20:dd40'))).toBe('NOT_ANCESTOR')
    expect(codeOf(() => upgradeRange(line, 'a:b:c'))).toBe('BAD_RANGE')
  })

  test('a stamp starts from one place', () => {
    const { start, after } = stampRange(line, ['bf20:dd40'])
    expect([[...start].sort(), [...after].sort()]).toEqual([
      ['ae10', 'bf20'],
      ['ae10', 'bf20', 'cc30', 'dd40'],
    ])
    expect(stampRange(line, ['bf20']).start.size).toBe(0)
    expect(codeOf(() => stampRange(line, ['ae10:cc30', 'bf20:dd40']))).toBe('SQL_SINGLE_START')
  })
})
