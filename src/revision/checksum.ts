/**
 * Names the content of a revision file: `v1:` and 64 hex digits of sha256, the same on every machine and after an editor
 * changed line ends: BOM and CRLF normalised, white space at line ends removed.
 */
export function checksum(text: string): string {
  const normal = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
  // Loaded here: most commands hash nothing, and it takes 6 ms.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return `v1:${createHash('sha256').update(normal).digest('hex')}`
}
