/** Those that others need first, else in the order given; in a circle it begins anywhere. */
export function inOrder<T>(list: readonly T[], needs: (one: T, other: T) => boolean): readonly T[] {
  const sorted = new Set<T>()
  const visiting = new Set<T>()
  const visit = (one: T): void => {
    if (sorted.has(one) || visiting.has(one)) return
    visiting.add(one)
    for (const other of list) if (other !== one && needs(one, other)) visit(other)
    sorted.add(one)
  }
  for (const one of list) visit(one)
  return [...sorted]
}
