/** Database URLs that people may see: their passwords are masked, and known by value wherever else they turn up. */

const stars = '***'
const secretParameter = /([?&;][^=&;#\s]*(?:passw|pwd|secret|token)[^=&;#\s]*=)([^&;#\s]*)/gi

/**
 * Replaces the password, also in a URL that no parser takes. In doubt too much is masked: all from the first colon
 * after the scheme to the last @. So are the values of parameters whose names are a secret's.
 */
export function maskUrl(url: string): string {
  const { start, ends } = passwordIn(url)
  const end = ends.at(-1)
  const masked = end === undefined ? url : `${url.slice(0, start)}${stars}${url.slice(end)}`
  return masked.replaceAll(secretParameter, `$1${stars}`)
}

/**
 * Lists the passwords in a URL as they are written, decoded, encoded, in a JSON string and in strings of SQL; longest first. In
 * a malformed one every part that may be the password counts. Fewer than three characters are no secret: masking
 * them would garble every text.
 */
export function secretsOf(url: string): readonly string[] {
  const { start, ends } = passwordIn(url)
  const written = [
    ...ends.map((end) => url.slice(start, end)),
    ...[...url.matchAll(secretParameter)].map(([, , value = '']) => value),
    URL.parse(url)?.password ?? '',
  ]
  const forms = written.flatMap((text) => {
    const plain = decode(text)
    const spelled = [
      text,
      plain,
      encodeURIComponent(plain.toWellFormed()),
      JSON.stringify(plain).slice(1, -1),
    ]
    return spelled.flatMap((form) => [form, form.replaceAll("'", "''")])
  })
  return longestFirst([...new Set(forms)].filter((text) => text.length >= 3))
}

/** Letters alone: such a password cannot be told from the text around it. */
export function isWord(secret: string): boolean {
  return /^[a-z]+$/i.test(secret)
}

/** Replaces every secret in a text, and the passwords of all URLs in it. */
export function mask(text: string, secrets: readonly string[]): string {
  const known = longestFirst(secrets.filter((secret) => secret !== ''))
  const masked = known.reduce((left, secret) => left.replaceAll(secret, () => stars), text)
  if (!masked.includes('://')) return masked
  return masked.replaceAll(/[a-z][a-z0-9+.-]{0,30}:\/\/[^\s'"`<>]+/gi, maskUrl)
}

interface Password {
  readonly start: number
  /** Where it may end; none when there is no password. */
  readonly ends: readonly number[]
}

function passwordIn(url: string): Password {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/+/i.exec(url)?.[0].length ?? 0
  const isPath = authority === 0 && /^(?:sqlite:|file:|pglite:|:memory:)/i.test(url)
  const last = isPath ? -1 : url.lastIndexOf('@')
  const colon = url.slice(0, last === -1 ? undefined : last).indexOf(':', authority)
  if (isPath || colon === -1) return { start: 0, ends: [] }
  if (last !== -1)
    return {
      start: colon + 1,
      ends: [...url.matchAll(/@/g)].map(({ index }) => index).filter((at) => at > colon),
    }
  // Without a host, `user:password` looks like `host:port`; an IPv6 address has colons of its own.
  const rest = url.slice(authority)
  const isAddress = /^(?:\[[^\]]*\]|[^:/?#]*)(?::\d*)?(?:,[^/?#]*)?(?:[/?#]|$)/.test(rest)
  return isAddress ? { start: 0, ends: [] } : { start: colon + 1, ends: [url.length] }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function longestFirst(texts: readonly string[]): readonly string[] {
  return texts.toSorted((a, b) => b.length - a.length)
}
