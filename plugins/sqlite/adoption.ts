import type { Adoption } from '../../src/dialect.ts'
import { type Lexer, splitStatements } from '../split-statements.ts'
import { openMemory } from './connect.ts'
import { refuseFiles } from './reach.ts'

const lexer: Lexer = {
  opaque: [
    `'(?:[^']|'')*'`,
    '"(?:[^"]|"")*"',
    '`(?:[^`]|``)*`',
    String.raw`\[[^\]]*\]`,
    String.raw`--[^\n]*`,
    String.raw`\/\*[^]*?\*\/`,
  ],
  unsafe: /['"`]|\/\*|\bcreate\s+(?:temp\w*\s+)?trigger\b/i,
}

export const adoption: Adoption = {
  history: async (source) => (await import('../mikro-orm/migrations.ts')).readMigrations('sqlite', source),
  split: (text) => splitStatements(text, lexer),
  port: (texts) => {
    const statements = texts.flatMap((text) => splitStatements(text, lexer))
    const kept = statements.filter((sql) => !/^pragma\s+foreign_keys\b/i.test(sql))
    return {
      statements: kept,
      notes:
        kept.length === statements.length
          ? []
          : [
              '`pragma foreign_keys` is left out: aludel takes it off for a step, and checks the keys at the end.',
            ],
    }
  },
  rehearse: async (_url, { statements }, work) => {
    for (const sql of statements) refuseFiles(sql)
    const session = await openMemory()
    try {
      return await work(session)
    } finally {
      await session.close()
    }
  },
}
