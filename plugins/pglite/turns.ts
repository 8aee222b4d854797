/** The turns of those who share what only one can use at a time. */
export class Turns<Who extends object> {
  #holder: Who | undefined
  #waiting: (() => void)[] = []

  get holder(): Who | undefined {
    return this.#holder
  }

  /**
   * Settles when it is its turn, at once when it is already.
   * @param wait milliseconds
   * @returns false when it did not come to it in time
   */
  async take(who: Who, wait: number): Promise<boolean> {
    const end = performance.now() + wait
    for (;;) {
      if (this.#holder === undefined || this.#holder === who) {
        this.#holder = who
        return true
      }
      const left = end - performance.now()
      if (left <= 0) return false
      await this.#change(left)
    }
  }

  give(who: Who): void {
    if (this.#holder !== who) return
    this.#holder = undefined
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #change(wait: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    // It keeps the process alive too: nothing else does.
    const timer = setTimeout(resolve, Math.min(wait, 2 ** 31 - 1))
    await promise
    clearTimeout(timer)
  }
}
