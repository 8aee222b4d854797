import { AludelError } from '../../src/errors.ts'
import { is, tokenize } from './tokens.ts'

/** @throws {AludelError} SCRATCH_UNAVAILABLE for a statement that leaves the memory in which it is tried */
export function refuseFiles(sql: string): void {
  const [first] = tokenize(sql)
  if (!is(first, 'attach') && !(is(first, 'vacuum') && / into /i.test(sql))) return
  throw new AludelError('SCRATCH_UNAVAILABLE', `A statement opens another file: ${sql.slice(0, 100)}.`, {
    state: 'Nothing was tried.',
  })
}
