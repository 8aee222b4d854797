/**
 * Compares aludel with recorded cases; prints one JSON line.
 *
 *     npm run --silent conformance -- FILE
 */
import { readFileSync } from 'node:fs'
import { answer } from './answer.ts'
import { type Case, type Outcome, readCases } from './case.ts'
import { agrees } from './compare.ts'

/** The kind of what is no AludelError. */
const broken = 'broken'

const [file, ...more] = process.argv.slice(2)
if (file === undefined || more.length > 0) refuse('usage: npm run --silent conformance -- FILE')
const cases = read(file)
const differ = []
for (const recorded of cases) {
  const ours = await answerOrFault(recorded)
  if (ours.error?.kind === broken || !agrees(recorded, ours)) {
    differ.push({ id: recorded.id, ours, recorded: recorded.outcome })
  }
}
process.stdout.write(
  `${JSON.stringify({ cases: cases.length, agree: cases.length - differ.length, differ })}\n`,
)

function read(path: string): readonly Case[] {
  try {
    return readCases(readFileSync(path, 'utf8'))
  } catch (error) {
    return refuse(`${path} is no file of cases: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A fault of aludel itself is no answer to one case, and the others have theirs. */
async function answerOrFault(recorded: Case): Promise<Outcome> {
  try {
    return await answer(recorded)
  } catch (error) {
    return { error: { kind: broken, message: String(error) } }
  }
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}
