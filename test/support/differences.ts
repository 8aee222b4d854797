/**
 * What is not the same on two sides, by its path (`indexes.by_name.unique`), as `[before, after]`; a thing that has a name
 * is compared with its namesake.
 */
export function differences(before: unknown, after: unknown, path = ''): Readonly<Record<string, unknown>> {
  if (JSON.stringify(before) === JSON.stringify(after)) return {}
  const [one, other] = [entries(before), entries(after)]
  if (!one || !other) return { [path]: [before, after] }
  const keys = new Set([...one.keys(), ...other.keys()])
  const found = [...keys].map((key) =>
    differences(one.get(key), other.get(key), path === '' ? key : `${path}.${key}`),
  )
  return Object.assign({}, ...found)
}

/** Undefined for a plain value and for a list of such. What has no name is counted among its like. */
function entries(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  if (value.every((each) => typeof each !== 'object')) return undefined
  let unnamed = 0
  return new Map(value.map((each: unknown): [string, unknown] => [nameOf(each) ?? String(unnamed++), each]))
}

function nameOf(value: unknown): string | undefined {
  const isNamed = typeof value === 'object' && value !== null && 'name' in value
  return isNamed ? String(value.name) : undefined
}
