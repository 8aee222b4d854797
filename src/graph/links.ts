/** What follows and depends on what. Revisions are known by their numbers here: their places in a list. */
import type { Revision } from './revision.ts'

/** What comes after each number: each once, in the order of ids. */
export interface Links {
  /** Those that directly follow it. */
  readonly children: readonly (readonly number[])[]
  /** Those that depend on it and do not follow it directly. */
  readonly dependents: readonly (readonly number[])[]
}

export interface Numbered {
  readonly files: readonly Revision[]
  readonly numbers: ReadonlyMap<string, number>
  /** Revision id by branch label. */
  readonly labels: ReadonlyMap<string, string>
}

/** Not whole when a revision names one that is not there, which is left out, or itself. */
export function linksOf({ files, numbers, labels }: Numbered): {
  readonly links: Links
  readonly isWhole: boolean
} {
  const [children, dependents] = [empty(files.length), empty(files.length)]
  let isWhole = true
  const add = (lists: number[][], name: string, at: number): void => {
    const before = numbers.get(name)
    if (before === undefined || before === at) isWhole = false
    if (before === undefined) return
    if (lists[before] === none) lists[before] = [at]
    else lists[before]?.push(at)
  }
  let at = 0
  for (const { downRevision, dependsOn } of files) {
    for (const parent of unique(downRevision)) add(children, parent, at)
    if (dependsOn.length > 0) {
      const parents = new Set(downRevision)
      for (const id of new Set(dependsOn.map((name) => labels.get(name) ?? name)))
        if (!parents.has(id)) add(dependents, id, at)
    }
    at++
  }
  for (const lists of [children, dependents])
    for (const list of lists) if (list.length > 1) list.sort(byId(files))
  return { links: { children, dependents }, isWhole }
}

/** Compares numbers by the ids of their revisions, by code units: the locale decides nothing. */
export function byId(files: readonly Revision[]): (one: number, other: number) => number {
  const id = (at: number): string => files[at]?.revision ?? ''
  return (one, other) => (id(one) < id(other) ? -1 : 1)
}

/** Most lists have one item at most. */
export function unique(ids: readonly string[]): readonly string[] {
  return ids.length > 1 ? [...new Set(ids)] : ids
}

/** In the place of a list of its own; never written to. */
const none: number[] = []

function empty(length: number): number[][] {
  return Array.from({ length }, () => none)
}
