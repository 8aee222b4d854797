/** A text as a string that nothing in it can end: with a tag that is not in the text. */
export function dollarQuoted(text: string, tag: string): string {
  for (let count = 0; ; count += 1) {
    const quotes = `$${tag}${count === 0 ? '' : count}$`
    // The last sign of the text and the first of the closing tag would make one, too.
    if (!`${text}$`.includes(quotes)) return `${quotes}${text}${quotes}`
  }
}
