/**
 * MySQL's information_schema gives an expression with each quote and backslash of its text escaped once more:
 * `concat(_utf8mb4\'it\\\'s\')` is `concat(_utf8mb4'it\'s')`.
 * @see https://bugs.mysql.com/bug.php?id=100607
 */
export function unescaped(text: string): string {
  return text.replaceAll(/\\([\\'])/g, '$1')
}
