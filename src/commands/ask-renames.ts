/** Answers of a person to what may have been renamed. */
import { type RenameQuestion, isSameQuestion } from './likely-renames.ts'
import type { Rename } from './rename.ts'

/** Gives the candidate that it is, or undefined when it was not renamed. */
export type AskRename = (question: RenameQuestion) => Promise<string | undefined>

export interface Answers {
  readonly renames: readonly Rename[]
  /** What was answered by no. */
  readonly refused: readonly RenameQuestion[]
}

/**
 * Asks one thing after the other: each answer changes what is left to ask.
 * @param given answers from before
 * @param questions what is likely once these renames are done
 */
export async function askRenames(
  given: readonly Rename[],
  questions: (renames: readonly Rename[]) => readonly RenameQuestion[],
  ask: AskRename,
): Promise<Answers> {
  const renames = [...given]
  const refused: RenameQuestion[] = []
  for (;;) {
    const question = questions(renames).find((each) => !refused.some((no) => isSameQuestion(no, each)))
    if (!question) return { renames, refused }
    const to = await ask(question)
    const { candidates: _, ...what } = question
    if (to === undefined) refused.push(question)
    else renames.push({ ...what, to })
  }
}
