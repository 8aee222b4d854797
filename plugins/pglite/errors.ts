import { AludelError } from '../../src/errors.ts'

/** @param why what failed, or the sentence itself without its full stop */
export function unreachable(folder: string, why: unknown, fix = 'Correct the URL.'): AludelError {
  const said = why instanceof Error ? why.message : String(why)
  return new AludelError(
    'DATABASE_UNREACHABLE',
    `The PGlite database ${folder} cannot be opened: ${said.replace(/\.$/, '')}.`,
    {
      state: 'Nothing was read or changed.',
      fix,
      details: { folder },
      cause: why instanceof Error ? why : undefined,
    },
  )
}
