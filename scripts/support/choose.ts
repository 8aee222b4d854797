/** A question to the person at the terminal. */
import { AludelError } from '../../src/errors.ts'
import type { Input } from './command.ts'

/**
 * Lists choices by number, and asks until one of them is typed: none is chosen by itself.
 * @returns the place of the choice in the list
 * @throws {AludelError} INTERRUPTED when the input ends, or Ctrl-C is typed
 */
export async function choose(
  { note }: Pick<Input, 'note'>,
  question: string,
  choices: readonly string[],
): Promise<number> {
  const { createInterface } = await import('node:readline')
  note(question)
  for (const [at, choice] of choices.entries()) note(`  ${at + 1}) ${choice}`)
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    for (;;) {
      const answer = await new Promise<string | undefined>((done) => {
        reader.once('close', () => done(undefined))
        reader.question(`Type a number from 1 to ${choices.length}: `, done)
      })
      if (answer === undefined) throw unanswered(question)
      const chosen = /^\s*\d+\s*$/.test(answer) ? Number(answer) : 0
      if (chosen >= 1 && chosen <= choices.length) return chosen - 1
    }
  } finally {
    reader.close()
  }
}

function unanswered(question: string): AludelError {
  return new AludelError('INTERRUPTED', `The question was not answered: ${question}`, {
    state: 'Nothing was written.',
    fix: 'Run the same command again, or give the answer by --rename.',
  })
}
