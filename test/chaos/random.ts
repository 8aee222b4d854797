import { createHash } from 'node:crypto'

/** Choices that are the same again for the same words. */
export interface Random {
  /** A whole number from 0. */
  below(end: number): number
  pick<T>(list: readonly [T, ...T[]]): T
}

export function random(...words: readonly (string | number)[]): Random {
  let count = 0
  const below = (end: number): number => {
    const text = [...words, (count += 1)].join(' ')
    return createHash('sha256').update(text).digest().readUInt32BE() % end
  }
  return { below, pick: (list) => list[below(list.length)] ?? list[0] }
}
