import { describe, expect, test } from 'vitest'
import { type Command, parseArguments } from '../../scripts/support/command.ts'
import { codeOf } from '../support/revisions.ts'

const command: Command = {
  usage: 'move [target]',
  summary: 'Move.',
  options: {
    message: { type: 'string', short: 'm', help: 'Text.' },
    rename: { type: 'string', multiple: true, help: 'Old and new.' },
    fast: { type: 'boolean', help: 'Hurry.' },
    range: { type: 'string', short: 'r', help: 'From and to.' },
  },
  positionals: 1,
  run: () => Promise.reject(new Error('not run here')),
}

const parse = (...args: readonly string[]) => parseArguments('move', command, args)

describe('a word stays the text that was typed:', () => {
  test.each([
    '-1',
    '+2',
    '+1:+2',
    'billing@-1',
    'billing@+2',
    '8f2a-1',
    ':head',
    '001',
    '123e45678901',
    '0x10',
    'head',
    '8f2a',
    '',
  ])('%j', (word) => {
    expect(parse(word).positionals).toEqual([word])
    expect(parse('--', word).positionals).toEqual([word])
    expect(parse('--fast', word, '-m', 'x').positionals).toEqual([word])
  })

  test('also where it looks like an option, behind --', () => {
    expect(parse('--', '--help').positionals).toEqual(['--help'])
    expect(parse('--', '-m').positionals).toEqual(['-m'])
  })
})

test.each([
  [['-m', '-1'], '-1'],
  [['--message', '+1'], '+1'],
  [['--message=--help'], '--help'],
  [['--message='], ''],
  [['-m', 'two\nlines'], 'two\nlines'],
  [['-m', 'first', '-m', 'last'], 'last'],
])('the value of an option in %j', (args, value) => {
  expect(parse(...args).flags.text('message')).toBe(value)
})

test.each([
  [['-r-2:current'], '-2:current'],
  [['-r', '-2:current'], '-2:current'],
  [['-r', '-2:'], '-2:'],
  [['--range', '-2:'], '-2:'],
  [['--range=-2:current'], '-2:current'],
  [['-r:head'], ':head'],
  [['-r', 'billing@-2:'], 'billing@-2:'],
])('a range in %j', (args, value) => {
  expect(parse(...args).flags.text('range')).toBe(value)
})

test('an option that may be repeated gives all its values, one that is absent none', () => {
  expect(parse('--rename', 'a:b', '--rename=c:d').flags.texts('rename')).toEqual(['a:b', 'c:d'])
  expect(parse().flags.texts('rename')).toEqual([])
  expect(parse().flags.text('message')).toBeUndefined()
  expect([parse('--fast').flags.has('fast'), parse().flags.has('fast')]).toEqual([true, false])
})

test('every command takes the common options', () => {
  const { flags } = parse('--url', 'sqlite:a.db', '--json', '--lock-wait=5')
  expect([flags.text('url'), flags.has('json'), flags.text('lock-wait')]).toEqual(['sqlite:a.db', true, '5'])
})

test('a command that needs a word says which', () => {
  const needy = { ...command, required: 'a target' }
  expect(() => parseArguments('move', needy, ['--fast'])).toThrow('aludel move: a target is missing.')
  expect(parseArguments('move', needy, ['--', '-1']).positionals).toEqual(['-1'])
})

test.each([
  [['one', 'two'], '`two` is one word too many'],
  [['-1', '-2'], '`-2` is one word too many'],
  [['--nope'], "Unknown option '--nope'"],
  [['-2:head'], "Unknown option '-2'"],
  [['--fast', '-2:head'], "Unknown option '-2'"],
  [['--message'], "Option '-m, --message <value>' argument missing"],
  [['--fast=yes'], "Option '--fast' does not take an argument"],
])('%j is refused, with what is wrong', (args, why) => {
  expect(codeOf(() => parse(...args))).toBe('USAGE')
  expect(() => parse(...args)).toThrow(`aludel move: ${why}`)
  // What marks a word inside must not reach a person.
  expect(() => parse(...args)).not.toThrow('\u0000')
})
