/** What may stand before the first word of a statement: white space, and comments but for those that MySQL carries out. */
export const leading = String.raw`(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*(?!M?!)[\s\S]*?\*\/)*`

/** The same, and the beginning of such a comment, as dumps have them: `/*!40101 set names utf8mb4`. */
export const leadingOrCarriedOut = String.raw`${leading}(?:\/\*M?!\d*\s*)?`
