/** What a clock and a calendar on the wall of some place say. */

export interface Clock {
  /** Four digits. */
  readonly year: string
  /** This and the next, two digits. */
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
  /** Seconds since 1970. */
  readonly epoch: string
  /** `Z`, or as in `+07:00`. */
  readonly offset: string
}

/** @param timezone an IANA name, or `local` */
export function clock(date: Date, timezone: string): Clock {
  const epoch = String(Math.floor(date.getTime() / 1000))
  return { ...(timezone === 'UTC' ? utc(date) : inPlace(date, timezone)), epoch }
}

/** The first format of a process takes 50 ms to make. */
function utc(date: Date): Omit<Clock, 'epoch'> {
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = date
    .toISOString()
    .split(/[-T:.]/)
  return { year, month, day, hour, minute, second, offset: 'Z' }
}

function inPlace(date: Date, timezone: string): Omit<Clock, 'epoch'> {
  const format = new Intl.DateTimeFormat('en', {
    ...(timezone === 'local' ? {} : { timeZone: timezone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'longOffset' },
  })
  const parts = format.formatToParts(date)
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? ''
  const [year, month, day] = [part('year').padStart(4, '0'), part('month'), part('day')]
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')]
  const offset = part('timeZoneName').replace(/^(?:GMT|UTC)(?:\+00:00)?/, '') || 'Z'
  return { year, month, day, hour, minute, second, offset }
}

/** ISO 8601 to the second, with the offset of the place: `2026-11-22T14:30:00+07:00`. */
export function isoTime(date: Date, timezone: string): string {
  const { year, month, day, hour, minute, second, offset } = clock(date, timezone)
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`
}
