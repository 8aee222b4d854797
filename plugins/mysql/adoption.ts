import type { Adoption } from '../../src/dialect.ts'
import { type Lexer, splitStatements } from '../split-statements.ts'
import type { Name } from './name.ts'
import { reachIn } from './reach.ts'
import { scratch } from './scratch.ts'

const lexer: Lexer = {
  opaque: [
    String.raw`'(?:[^'\\]|''|\\[^])*'`,
    String.raw`"(?:[^"\\]|""|\\[^])*"`,
    '`(?:[^`]|``)*`',
    String.raw`--(?=\s)[^\n]*`,
    '#[^\\n]*',
    String.raw`\/\*[^]*?\*\/`,
  ],
  // A routine has statements of its own, and nothing but the server can say where it ends.
  unsafe:
    /['"`]|\/\*|\bdelimiter\b|\bcreate\s+(?:or\s+replace\s+)?(?:definer\s*=\s*\S+\s+)?(?:aggregate\s+)?(?:trigger|procedure|function|event|package)\b|\bbegin\s+not\s+atomic\b/i,
}

const setting = /^set\s+(?:session\s+|local\s+|@@(?:session\.|local\.)?)?(\w+)\s*:?=\s*([^,]+)$/i

export function adoptionFor(name: Name): Adoption {
  return {
    history: async (source) => (await import('../mikro-orm/migrations.ts')).readMigrations(name, source),
    split: (text) => splitStatements(text, lexer),
    port: (texts) => {
      const all = texts.flatMap((text) => splitStatements(text, lexer))
      const kept = all.filter((sql) => !/^set\s+(?:names|character\s+set|charset)\b/i.test(sql))
      const left = new Map<string, string>()
      for (const sql of kept) {
        const [, variable, value = ''] = setting.exec(sql) ?? []
        if (variable !== undefined) left.set(variable.toLowerCase(), value.trim().toLowerCase())
      }
      const open = [...left]
        .filter(([variable, value]) => !isBack(variable, value))
        .map(([variable]) => variable)
      return {
        statements: [...kept, ...open.map((variable) => `set ${variable} = default`)],
        notes: [
          ...(kept.length < all.length
            ? ['`set names` is left out: the connection of aludel speaks utf8mb4.']
            : []),
          ...open.map(
            (variable) => `${variable} is set back at the end, so that it does not outlast the revision.`,
          ),
        ],
      }
    },
    rehearse: (url, rehearsal, work) =>
      scratch(name, { url, ...rehearsal }, async (session) => {
        const refuse = await reachIn(session)
        for (const sql of rehearsal.statements) refuse(sql)
        return work(session)
      }),
  }
}

/** What was kept in a variable before, the default, or a check that is on. */
function isBack(variable: string, value: string): boolean {
  return (
    value.startsWith('@') || value === 'default' || (variable.endsWith('_checks') && /^(?:1|on)$/.test(value))
  )
}
