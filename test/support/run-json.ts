import type { Project } from './project.ts'

/** What a command gives as JSON, its exit status, and what it told on the way. */
export async function runJson(app: Project, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = await app.run([...args, '--json'], { env })
  return { status, stderr, ...JSON.parse(stdout) }
}
