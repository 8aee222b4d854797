/** What comes from a database is data: cut to what a line can hold, without what a terminal would obey. */
export function safe(text: string): string {
  const shown = text.slice(0, 80).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return text.length > 80 ? `${shown}…` : shown
}
