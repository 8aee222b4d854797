import { AludelError } from '../../src/errors.ts'

/** What is wrong with this version of Node.js, as package.json's `engines` says: `^22.18.0 || >=24.0.0`. */
export function nodeFault(version: string): AludelError | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major >= 24 || (major === 22 && minor >= 18)) return undefined
  return new AludelError(
    'NODE_TOO_OLD',
    `aludel needs Node.js 22.18 or 24, or newer than that; this is ${version}.`,
    {
      fix: 'Install one of them, and run the same command again.',
      details: { version },
    },
  )
}
