/** Scripts for psql. */
import {
  type LockRequest,
  type ScriptBlock,
  type ScriptCheck,
  type Scripting,
  ended,
} from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { dollarQuoted } from './dollar-quoted.ts'
import { rollsBack } from './effect.ts'
import { literal } from './literal.ts'
import { lockKey } from './lock.ts'

const block: ScriptBlock = {
  holds: rollsBack,
  statement: (sql) => `execute ${dollarQuoted(sql, 'sql')};`,
  refuse: (checks) => checks.map(raising),
  when: (condition, lines) => [`if ${condition} then`, ...lines.map(indented), 'end if;'],
  // What fails rolls back.
  whole: (lines) => [`do ${dollarQuoted(`\nbegin\n${lines.map(indented).join('\n')}\nend\n`, 'aludel')};`],
}

export const scripting: Scripting = {
  client: 'psql',
  now: `to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  // gen_random_uuid is there since PostgreSQL 13.
  uuid: 'md5(random()::text || clock_timestamp()::text)::uuid::text',
  literal: (value) => {
    if (typeof value !== 'string' || !value.includes('\0')) return literal(value)
    throw new AludelError('NOT_SUPPORTED', 'PostgreSQL keeps no text with a zero character in it.', {
      fix: 'Take it out of the revision file.',
    })
  },
  refuses: (sql) => {
    const text = bare(sql)
    if (open.test(text)) return 'a quote or comment in it does not end'
    if (/;\s*(?:commit|abort|rollback(?!\s+(?:\w+\s+)?to\b)|(?:start|prepare)\s+transaction)\b/i.test(text))
      return "it would end the step's transaction"
    if (/^\s*copy\b.*\b(?:from\s+stdin|to\s+stdout)\b/is.test(text))
      return 'psql would take the lines behind it for its data'
    return text.includes('\\') ? 'psql would take what follows the backslash for a command' : undefined
  },
  statement: (sql) => ended(sql),
  refuse: (checks) => (checks.length === 0 ? [] : block.whole(block.refuse(checks), [])),
  open: () => ['\\set ON_ERROR_STOP on', '\\set AUTOCOMMIT on', "set client_encoding = 'UTF8';"],
  close: () => [],
  begin: ({ lock, mode }) =>
    mode === 'transaction'
      ? ['begin isolation level read committed;', ...locking(lock, 'pg_advisory_xact_lock')]
      : // It is the session's, for the statements have no transaction in common.
        [
          ...locking(lock, 'pg_advisory_lock'),
          ...outsideLimits(lock).map(([name, value]) => `set ${name} = ${value};`),
        ],
  end: ({ lock, mode }) =>
    mode === 'transaction'
      ? ['commit;']
      : [
          ...outsideLimits(lock).map(([name]) => `reset ${name};`),
          ...block.whole([`perform pg_advisory_unlock(${lockKey(lock)});`], []),
        ],
  variable: (name) => ({
    get: `current_setting('aludel.${name}')`,
    set: (expression) =>
      block.whole([`perform set_config('aludel.${name}', ${expression}, false);`], []).join('\n'),
  }),
  block,
}

/** Waits for the lock as long as a run does; then for tables in use only so long. A `do` prints nothing. */
function locking(
  { wait, table, lockTimeout, statementTimeout, ...lock }: LockRequest,
  lockBy: string,
): readonly string[] {
  const limit = (name: string, value: string): string => `perform set_config('${name}', ${value}, true);`
  const own = `current_setting('lock_timeout')`
  const body = [
    ...[`declare own text := ${own};`, 'begin'],
    ...[
      limit('lock_timeout', `'${Math.max(1, Math.ceil(wait))}ms'`),
      'begin',
      `  perform ${lockBy}(${lockKey({ ...lock, wait, table })});`,
      'exception when lock_not_available then',
      `  raise exception using message = ${literal(`Another runner holds the lock of ${table}.`)};`,
      'end;',
      limit(
        'lock_timeout',
        lockTimeout === undefined
          ? "case own when '0' then '5s' else own end"
          : `'${Math.ceil(lockTimeout)}ms'`,
      ),
      ...(statementTimeout === undefined
        ? []
        : [limit('statement_timeout', `'${Math.ceil(statementTimeout)}ms'`)]),
    ].map(indented),
    'end',
  ]
  return [`do ${dollarQuoted(`\n${body.join('\n')}\n`, 'aludel')};`]
}

/** What is built concurrently waits for every transaction that is open, as long as it takes. */
function outsideLimits({ statementTimeout }: LockRequest): readonly (readonly [string, number])[] {
  const longest =
    statementTimeout === undefined ? [] : [['statement_timeout', Math.ceil(statementTimeout)] as const]
  return [['lock_timeout', 0], ...longest]
}

function raising({ fault, message }: ScriptCheck): string {
  return `if ${fault} then raise exception using message = ${literal(message)}; end if;`
}

/** With a space for what stands in quotes, and without comments, in which others may stand. One that does not end begins still. */
function bare(sql: string): string {
  const [outside, inside] = [new RegExp(`${quoted}|--[^\\n]*|/\\*|[^]`, 'y'), /\/\*|\*\/|[^]/y]
  let text = ''
  let depth = 0
  for (let at = 0; at < sql.length;) {
    const next = depth === 0 ? outside : inside
    next.lastIndex = at
    const piece = next.exec(sql)?.[0] ?? ' '
    if (piece === '/*') depth += 1
    else if (piece === '*/') depth -= 1
    else if (depth === 0) text += piece.length === 1 ? piece : ' '
    at += piece.length
  }
  return depth === 0 ? text : `${text}/*`
}

const letter = String.raw`[A-Za-z_\u0080-\uffff]`
/** A word may hold the sign, so that no quotes begin there. */
const dollars = String.raw`(?<![\w$\u0080-\uffff])\$((?:${letter}[\w\u0080-\uffff]*)?)\$`
const quoted = String.raw`(?<![\w$])[eE]'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'|'[^']*'|"[^"]*"|${dollars}[^]*?\$\1\$`
const open = new RegExp(String.raw`['"]|/\*|${dollars}`)

/** Its first line alone: the others may stand in a literal. */
function indented(text: string): string {
  return `  ${text}`
}
