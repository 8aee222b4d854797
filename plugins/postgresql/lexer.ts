import type { Lexer } from '../split-statements.ts'

export const lexer: Lexer = {
  opaque: [
    String.raw`\b[eE]'(?:[^'\\]|''|\\[^])*'`,
    `'(?:[^']|'')*'`,
    '"(?:[^"]|"")*"',
    String.raw`\$(?<tag>(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[^]*?\$\k<tag>\$`,
    String.raw`--[^\n]*`,
    // One inside of another is not among them.
    String.raw`\/\*(?:[^*/]|\*(?!\/)|\/(?!\*))*\*\/`,
  ],
  unsafe: /['"]|\/\*|\$\w*\$|\bbegin\s+atomic\b|\bcreate\s+(?:or\s+replace\s+)?rule\b|\bfrom\s+stdin\b/i,
}
