/** Scripts for the client mysql, which MariaDB calls mariadb too. */
import { type ScriptBlock, type ScriptCheck, type Scripting, ended } from '../../src/dialect.ts'
import { withoutComments } from './effect.ts'
import { literal, quote } from './literal.ts'
import { limits, lockName } from './lock.ts'
import type { Name } from './name.ts'

const block: ScriptBlock = {
  holds: (sql) => !outside.test(withoutComments(sql)),
  statement: (sql) => `${trimmed(sql)};`,
  refuse: (checks) =>
    checks.map(
      ({ fault, message }) =>
        // The server takes 128 characters.
        `if ${fault} then signal sqlstate '45000' set message_text = ${literal(message.slice(0, 128))}; end if;`,
    ),
  when: (condition, lines) => [`if ${condition} then`, ...lines.map(indented), 'end if;'],
  whole: (lines, failing) => {
    const handler = [
      'declare exit handler for sqlexception begin',
      ...[...failing, 'resignal;'].map(indented),
      'end;',
    ]
    const body = ['begin', ...(failing.length === 0 ? [] : handler), ...lines].map((line, at) =>
      at === 0 ? line : indented(line),
    )
    const create = [`create procedure ${procedure}()`, ...body, 'end'].join('\n')
    return [
      `drop procedure if exists ${procedure};`,
      delimited(create),
      `call ${procedure}();`,
      `drop procedure ${procedure};`,
    ]
  },
}

/** Where there are conditions, there is a procedure; one that an earlier script left behind is none to keep. */
const procedure = '`aludel_script`'

/** @see https://dev.mysql.com/doc/refman/8.4/en/stored-program-restrictions.html */
const outside =
  /^(?:(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:definer\s*=\s*\S+\s+)?(?:aggregate\s+)?(?:procedure|function|trigger|event|package)|alter\s+(?:\w+\s*=\s*\S+\s+|sql\s+security\s+\w+\s+)*view|(?:lock|unlock)\s+tables?|load|use|help)\b/i

export function scripting(name: Name): Scripting {
  const readOnly = readOnlyBy[name]
  // The client goes on after an error where a person runs a script by `source`, or by --force. The server then refuses what follows.
  const guard = `set @aludel_failed = @aludel_failed or @@error_count, session ${readOnly} = @aludel_failed or @@error_count;`
  const statement = (sql: string): string =>
    sql === 'commit' ? commit(guard).join('\n') : `${inOnePiece(sql)}\n${guard}`
  const refuse = (checks: readonly ScriptCheck[]): readonly string[] => refusal(checks, guard)
  return {
    client: name,
    now: "concat(left(date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')",
    // In the characters of the ledger's tables; by itself MySQL gives it in others.
    uuid: 'convert(uuid() using utf8mb4)',
    literal,
    refuses: (sql) => {
      if (isOpen(sql)) return 'a quote or comment in it does not end'
      if (/^use\b/i.test(withoutComments(sql)))
        return '`use` takes the connection to another database, where the rows of the ledger would be written'
      return /\\(?!N)/.test(bare(sql))
        ? 'the client would take what follows the backslash for a command'
        : undefined
    },
    statement,
    refuse,
    open: (lock) => [
      'set names utf8mb4;',
      // As in sessions of aludel, where the driver allows a space before the bracket of a function; routines keep the mode.
      `set session autocommit = 1, ${limits(lock)}, sql_mode = concat(replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',IGNORE_SPACE');`,
      // What went wrong in this session before is not the script's.
      'do (select count(*) from information_schema.schemata);',
      `set @aludel_failed = 0, session ${readOnly} = 0;`,
      `set @aludel_lock = ${lockName(lock)};`,
      `set @aludel_held = get_lock(@aludel_lock, ${Math.ceil(lock.wait / 1000)});`,
      ...refuse([
        {
          fault: 'not coalesce(@aludel_held, 0)',
          message: `Another runner holds the lock of ${lock.table}.`,
        },
      ]),
    ],
    close: () => [`set session ${readOnly} = 0;`, 'do release_lock(@aludel_lock);'],
    begin: ({ mode }) => (mode === 'transaction' ? [statement('start transaction')] : []),
    end: ({ mode }) => (mode === 'transaction' ? [statement('commit')] : []),
    variable: (of) => ({
      get: `@aludel_${of}`,
      set: (expression) => `set @aludel_${of} = ${expression};`,
    }),
    block,
  }
}

const readOnlyBy: Readonly<Record<Name, string>> = {
  mysql: 'transaction_read_only',
  mariadb: 'tx_read_only',
}

/** MySQL prepares no `rollback`. */
function commit(guard: string): readonly string[] {
  return [
    "set @aludel_end = if(@aludel_failed, 'do 0', 'commit');",
    'prepare aludel_end from @aludel_end;',
    'execute aludel_end;',
    guard,
    'deallocate prepare aludel_end;',
    'rollback;',
  ]
}

/** Outside of a procedure there is no `if` and no `signal`: what is a fault is told as a column that is not there. */
function refusal(checks: readonly ScriptCheck[], guard: string): readonly string[] {
  if (checks.length === 0) return []
  const cases = checks.map(
    ({ fault, message }) => `\n  when ${fault} then ${literal(`select ${quote(message)}`)}`,
  )
  return [
    `set @aludel_refuse = case${cases.join('')}\n  else 'do 0' end;`,
    guard,
    'prepare aludel_refuse from @aludel_refuse;',
    'execute aludel_refuse;',
    guard,
    'deallocate prepare aludel_refuse;',
  ]
}

/** The client cuts at each semicolon that it sees. */
function inOnePiece(sql: string): string {
  return bare(ended(sql, '')).includes(';') ? delimited(sql) : ended(sql)
}

function delimited(sql: string): string {
  for (let count = 2; ; count += 1) {
    const delimiter = '/'.repeat(count)
    if (!sql.includes(delimiter))
      return `delimiter ${delimiter}\n${ended(sql, `\n${delimiter}`)}\ndelimiter ;`
  }
}

/** Its first line alone: the others may stand in a literal. */
function indented(text: string): string {
  return `  ${text}`
}

/** Without what stands in quotes and comments. */
function bare(sql: string): string {
  return sql.replace(quoted, '')
}

/** A quote or comment that does not end would swallow what follows in the script. */
function isOpen(sql: string): boolean {
  return /['"`]|\/\*(?!M?!)/.test(bare(sql))
}

/** Without comments and semicolons at its end: in a procedure, what stands behind them is a statement too. */
function trimmed(sql: string): string {
  let end = 0
  for (const { 0: text, index, groups } of sql.matchAll(pieces))
    if (groups?.['comment'] === undefined && !/[\s;]/.test(text[0] ?? '')) end = index + text.length
  return sql.slice(0, end)
}

const string = String.raw`'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\[^]|"")[^"\\]*)*"|` + '`[^`]*`'
/** But for those that are carried out. */
const comment = String.raw`--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!M?!)[^]*?\*\/`
const quoted = new RegExp(`${string}|${comment}`, 'g')
const pieces = new RegExp(`${string}|(?<comment>${comment})|[^]`, 'g')
