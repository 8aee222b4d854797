import { AludelError } from '../errors.ts'

/** Why a history could not be built where that ends nothing; sentences without a password of a statement. Undefined: of any other error. */
export async function whyUnbuilt(error: unknown): Promise<string | undefined> {
  if (!(error instanceof AludelError) || !codes.has(error.code)) return undefined
  const { maskLiterals } = await import('../database/secret-literals.ts')
  const { message, fix } = error
  return maskLiterals([`${message.replace(/\.$/, '')}.`, ...(fix === undefined ? [] : [fix])].join(' '))
}

const codes: ReadonlySet<string> = new Set(['NOT_BUILT', 'SCRATCH_UNAVAILABLE', 'NOT_SUPPORTED'])
