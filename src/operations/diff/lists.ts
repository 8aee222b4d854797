/** Lists of what has a name or none: what goes and what comes. */
import { isDeepStrictEqual } from 'node:util'

export interface Difference<T> {
  readonly gone: readonly T[]
  readonly come: readonly T[]
}

/**
 * What has a name is the same only under that name; what has none, on either side, is the same when all else is.
 * @param meaning what counts of one
 */
export function compareLists<T extends { readonly name?: string }>(
  old: readonly T[] = [],
  wanted: readonly T[] = [],
  meaning: (each: T) => T = (each) => each,
): Difference<T> {
  const left = [...old]
  const come: T[] = []
  for (const each of wanted) {
    const at = left.findIndex((other) => isSame(meaning(other), meaning(each)))
    if (at < 0) come.push(each)
    else left.splice(at, 1)
  }
  return { gone: left, come }
}

function isSame<T extends { readonly name?: string }>(a: T, b: T): boolean {
  if (a.name !== undefined && b.name !== undefined) return isDeepStrictEqual(a, b)
  return isDeepStrictEqual(withoutName(a), withoutName(b))
}

export function withoutName<T extends { readonly name?: string }>(
  value: T | undefined,
): Omit<T, 'name'> | undefined {
  if (value === undefined) return undefined
  const { name: _, ...rest } = value
  return rest
}

interface Validity {
  readonly name?: string
  readonly notValid?: boolean
}

export interface Validation<T> extends Difference<T> {
  /** Names of what is the same but that its rows are not checked yet. */
  readonly validated: readonly string[]
}

/** Sorts out what needs not be made again to hold for all rows. */
export function withoutValidation<T extends Validity>({ gone, come }: Difference<T>): Validation<T> {
  const validated = gone.flatMap((old) => {
    const { notValid, ...rest } = old
    const isSameBut = notValid === true && come.some((each) => isDeepStrictEqual(each, rest))
    return isSameBut && old.name !== undefined ? [old.name] : []
  })
  const isLeft = ({ name }: Validity): boolean => name === undefined || !validated.includes(name)
  return { gone: gone.filter(isLeft), come: come.filter(isLeft), validated }
}
