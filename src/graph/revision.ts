/** One node of the graph. */
export interface Revision {
  readonly revision: string
  /** Ids it directly follows: none for a base, two or more for a merge. */
  readonly downRevision: readonly string[]
  /** Ids or branch labels that have to be applied first but are not its lineage. */
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  /** Where it was read from, for messages. */
  readonly path?: string
}
