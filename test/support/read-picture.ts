/** Reads a drawn graph as a person does: by following the lines downwards. It knows nothing of how they were laid. */

export interface ReadGraph {
  /** `child parent`, for each that its lines lead to. */
  readonly edges: readonly string[]
  /** Children, once for each of their lines that ends at `~`. */
  readonly ended: readonly string[]
  /** `child parent`, for what stands in the text instead. */
  readonly told: readonly string[]
}

/**
 * @param picture lines of text; each node is `*`, with an id such as `N12` behind the lanes
 * @throws {Error} when a line begins nowhere or vanishes, and at a character without meaning
 */
export function readPicture(picture: readonly string[]): ReadGraph {
  const edges = new Set<string>()
  const told: string[] = []
  const ended: string[] = []
  /** By column, the children whose lines come down there. */
  let coming: ReadonlyMap<number, ReadonlySet<string>> = new Map()
  /** The node right above, from which links come. */
  let above: { readonly id: string; readonly column: number } | undefined
  for (const [row, text] of picture.entries()) {
    const { node, parents, drawn, edge } = parse(text)
    const fail = (why: string, column: number): never => {
      throw new Error(`${why} in column ${column}:\n${picture.slice(0, row + 1).join('\n')}`)
    }
    const isHidden = above !== undefined && above.column >= edge
    const going = new Map<number, ReadonlySet<string>>()
    const flow = (from: number, to: number): void => {
      const ids = from < edge ? coming.get(from) : new Set(isHidden && above ? [above.id] : [])
      if (!ids) fail('A line begins nowhere', from)
      else if (to < edge) going.set(to, new Set([...(going.get(to) ?? []), ...ids]))
    }
    for (const { start, end } of levels(drawn, edge)) {
      const joined = columnsOf(drawn, "+'.").filter((at) => start <= at && at <= end)
      if (!joined.includes(start) || (end < edge && !joined.includes(end))) fail('A line vanishes', end)
      const entries = [
        ...joined.filter((at) => drawn[at] === "'" || at === above?.column),
        ...(end >= edge && isHidden ? [edge] : []),
      ]
      for (const to of joined.filter((at) => drawn[at] !== "'")) for (const from of entries) flow(from, to)
    }
    for (const at of columnsOf(drawn, '/')) flow(at + 1, at - 1)
    for (const at of columnsOf(drawn, '\\')) flow(at - 1, at + 1)
    for (const at of columnsOf(drawn, '|+')) flow(at, at)
    for (const at of columnsOf(drawn, '.')) if (!going.has(at)) fail('A line begins nowhere', at)
    for (const [at, ids] of coming) {
      const leaves = drawn[at] === "'" || drawn[at - 1] === '/' || drawn[at + 1] === '\\'
      if (drawn[at] === '~') ended.push(...ids)
      else if (drawn[at] === '*') for (const child of ids) edges.add(`${child} ${node}`)
      // Below a base nothing goes on.
      else if (!'|+'.includes(drawn[at] ?? ' ') && !leaves && at !== above?.column)
        fail('A line vanishes', at)
    }
    const strange = [...drawn].findIndex(
      (character, at) => !meanings(at, node !== undefined).includes(character),
    )
    if (strange !== -1) fail(`${drawn[strange]} means nothing`, strange)
    told.push(...parents.map((parent) => `${node} ${parent}`))
    above = node === undefined ? undefined : { id: node, column: text.indexOf('*') }
    if (above && above.column < edge) going.set(above.column, new Set([above.id]))
    coming = going
  }
  const open = [...coming.keys()].filter((at) => at !== above?.column)
  if (open.length > 0) throw new Error(`Lines leave the picture:\n${picture.join('\n')}`)
  return { edges: [...edges].toSorted(), ended: ended.toSorted(), told: told.toSorted() }
}

interface Row {
  /** The id of its node, if it has one. */
  readonly node: string | undefined
  /** Named behind the id. */
  readonly parents: readonly string[]
  /** The lanes, as far as they are seen. */
  readonly drawn: string
  /** The column from which on nothing is seen. */
  readonly edge: number
}

function parse(text: string): Row {
  const [, lanes = text, node, parents] = /^(.*\*.*?)(N\d+)(?: <- (.*))?$/.exec(text) ?? []
  const end = lanes.indexOf('>')
  const drawn = (end === -1 ? lanes : lanes.slice(0, end)).trimEnd()
  return { node, parents: parents?.split(', ') ?? [], drawn, edge: end === -1 ? Infinity : end }
}

function meanings(column: number, isNode: boolean): string {
  if (column % 2 === 0) return isNode ? ' |*' : " |+'.-~"
  return isNode ? ' ' : ' -/\\'
}

/** Lines across, from the first lane that one touches to its last. */
function levels(drawn: string, edge: number): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const at of columnsOf(drawn, '-').filter((column) => column % 2 === 1)) {
    const last = found.at(-1)
    if (last?.end === at - 1) last.end = at + 1
    else found.push({ start: at - 1, end: at + 1 })
  }
  return found.map(({ start, end }) => ({ start, end: Math.min(end, edge) }))
}

function columnsOf(drawn: string, characters: string): readonly number[] {
  return [...drawn].flatMap((character, at) => (characters.includes(character) ? [at] : []))
}
