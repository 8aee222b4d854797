import { repair } from '../src/commands/repair.ts'
import { AludelError } from '../src/errors.ts'
import { type Command, usage } from './support/command.ts'

export const command: Command = {
  usage: 'repair <revision> --statement <n> (--applied | --not-applied)',
  summary: 'Say how far a half done step is, when aludel cannot find out.',
  details:
    'The statements before the n-th are in the database, those after it are not; the next run goes on there. Runs nothing.',
  options: {
    statement: { type: 'string', value: 'n', help: 'The statement in question, from 1.' },
    applied: { type: 'boolean', help: 'It is in the database.' },
    'not-applied': { type: 'boolean', help: 'It is not; with --statement 1 the step begins anew.' },
  },
  positionals: 1,
  run: async ({ positionals: [revision], flags, settings, caller }) => {
    if (revision === undefined) throw usage('repair', 'a revision is missing')
    const applied = flags.has('applied')
    if (applied === flags.has('not-applied')) {
      throw usage('repair', 'one of --applied and --not-applied must be given')
    }
    const statement = count(flags.text('statement'))
    const result = await repair(await settings(), { revision, statement, applied }, caller)
    const { direction, next } = result
    return {
      json: result,
      lines: [
        `Noted: the ${direction} of ${result.revision} ${next === 1 ? 'begins anew' : `goes on at statement ${next}`}. Next: run the same command again.`,
      ],
    }
  },
}

function count(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new AludelError('USAGE', `--statement is \`${text ?? ''}\`; it must be a whole number from 1.`, {
    fix: 'For example --statement 3.',
  })
}
