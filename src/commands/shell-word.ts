/** A text as one word of a command that a person copies: in quotes only where a shell would take it apart. */
export function shellWord(text: string): string {
  return /^[\w./:][\w./:#@%+=,-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
