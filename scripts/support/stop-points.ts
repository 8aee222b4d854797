/** Lets a test stop the process at a chosen moment, and kill it there. */
import { writeSync } from 'node:fs'
import type { StopPoint } from '../../src/database/stop.ts'

/**
 * Gives what is called at each point: at the wanted one it prints `@stop <point>` to stderr and stops the process by SIGSTOP, once.
 * @param wanted `<point>`, or `<point>:<n>` for the n-th time that it is reached; undefined: never stop
 */
export function stopPoints(wanted: string | undefined): (point: StopPoint) => void {
  if (wanted === undefined) return () => {}
  const [name, time = '1'] = wanted.split(':')
  let left = Number(time)
  return (point) => {
    if (point !== name) return
    left -= 1
    if (left !== 0) return
    writeSync(2, `@stop ${point}\n`)
    process.kill(process.pid, 'SIGSTOP')
  }
}
