/** Variables of the environment in a configuration's strings. */

export type Environment = Readonly<Record<string, string | undefined>>

export interface Expanded {
  readonly text: string
  /** Variables that are not set and have no default. */
  readonly missing: readonly string[]
}

/** Replaces `${NAME}` and `${NAME:-default}`; as in a shell an empty variable takes the default. */
export function expand(text: string, env: Environment): Expanded {
  const missing: string[] = []
  const expanded = text.replaceAll(
    /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback?: string) => {
      const value = env[name]
      if (fallback !== undefined) return value || fallback
      if (value === undefined) missing.push(name)
      return value ?? ''
    },
  )
  return { text: expanded, missing }
}
