/**
 * Compares aludel with recorded cases; prints one JSON line.
 *
 *     npm run --silent conformance -- FILE
 */
import { readFileSync } from 'node:fs'
import { answer } from './answer.ts'
import { readCases } from './case.ts'
import { agrees } from './compare.ts'

const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: npm run --silent conformance -- FILE\n')
  process.exit(2)
}
const cases = readCases(readFileSync(file, 'utf8'))
const differ = []
for (const recorded of cases) {
  const ours = await answer(recorded)
  if (!agrees(recorded, ours)) differ.push({ id: recorded.id, ours, recorded: recorded.outcome })
}
process.stdout.write(
  `${JSON.stringify({ cases: cases.length, agree: cases.length - differ.length, differ })}\n`,
)
