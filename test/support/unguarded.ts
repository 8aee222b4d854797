import type { Caller } from '../../src/commands/project.ts'

/** For commands that run in the test's own process. */
export const unguarded: Caller['guard'] = {
  during: (work) => work(),
  hold: (work) => work(),
  between: async () => {},
}
