import { type Session, aroundStatements } from '../src/dialect.ts'

/**
 * Does the work on a session whose statements are looked at first. What was refused is told though the work caught it and went on
 * another way.
 * @param refuse throws for a statement that is not to be run
 */
export async function lookedAt<T>(
  session: Session,
  refuse: (sql: string) => void,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let refusal: { readonly error: unknown } | undefined
  const before = async (sql: string): Promise<void> => {
    try {
      refuse(sql)
    } catch (error) {
      refusal ??= { error }
      throw error
    }
  }
  try {
    const result = await work(aroundStatements(session, { before }))
    if (!refusal) return result
  } catch (error) {
    if (!refusal) throw error
  }
  throw refusal.error
}
