/** `migrations/ab_add.ts:12` from a stack of a call made in that file; the file alone when it is not in it. */
export function lineIn(file: string, stack: string): string {
  const names = [file, encodeURI(file)]
  for (const line of stack.split('\n')) {
    const position = names.map((name) => line.split(name)[1]).find((rest) => rest !== undefined)
    const [, number] = /^(?:\?[^:]*)?:(\d+)/.exec(position ?? '') ?? []
    if (number !== undefined) return `${file}:${number}`
  }
  return file
}
