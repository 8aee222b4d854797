import type { Project } from './project.ts'

/** Runs aludel with the words of a line, and gives what it says: its stdout, and where it fails its status and its errors without times. */
export async function say(
  app: Project,
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { status, stdout, stderr } = await app.run(words(line), { env })
  if (status === 0) return stdout
  return `${status} ${stdout}${stderr.replace(/^\d\d:\d\d:\d\d /gm, '')}`
}

/** `-m "two words"` is two words. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
}
