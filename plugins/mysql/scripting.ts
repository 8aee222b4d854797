/** Scripts for the client mysql, which MariaDB calls mariadb too. */
import { type ScriptBlock, type ScriptCheck, type Scripting, ended } from '../../src/dialect.ts'
import { withoutComments } from './effect.ts'
import { literal, quote } from './literal.ts'
import { lockName } from './lock.ts'
import type { Name } from './name.ts'

const block: ScriptBlock = {
  holds: (sql) => !outside.test(withoutComments(sql)),
  statement: (sql) => ended(sql),
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
  return {
    client: name,
    now: "concat(left(date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')",
    // In the characters of the ledger's tables; by itself MySQL gives it in others.
    uuid: 'convert(uuid() using utf8mb4)',
    literal,
    refuses: (sql) => {
      if (/^use\b/i.test(withoutComments(sql)))
        return '`use` takes the connection to another database, where the rows of the ledger would be written'
      return /\\(?!N)/.test(bare(sql))
        ? 'the client would take what follows the backslash for a command'
        : undefined
    },
    // The client cuts at each semicolon that it sees.
    statement: (sql) => (bare(ended(sql, '')).includes(';') ? delimited(sql) : ended(sql)),
    refuse,
    open: (lock) => [
      'set names utf8mb4;',
      `set session autocommit = 1, ${limits(lock.lockTimeout)}, sql_mode = replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '');`,
      `set @aludel_lock = ${lockName(lock)};`,
      `set @aludel_held = get_lock(@aludel_lock, ${Math.ceil(lock.wait / 1000)});`,
      ...refuse([
        {
          fault: 'not coalesce(@aludel_held, 0)',
          message: `Another runner holds the lock of ${lock.table}.`,
        },
      ]),
    ],
    close: () => ['do release_lock(@aludel_lock);'],
    begin: ({ mode }) => (mode === 'transaction' ? ['start transaction;'] : []),
    end: ({ mode }) => (mode === 'transaction' ? ['commit;'] : []),
    variable: (of) => ({
      get: `@aludel_${of}`,
      set: (expression) => `set @aludel_${of} = ${expression};`,
    }),
    block,
  }
}

function limits(lockTimeout = 5000): string {
  const seconds = Math.max(1, Math.ceil(lockTimeout / 1000))
  return `lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}`
}

/** Outside of a procedure there is no `if` and no `signal`: what is a fault is told as a column that is not there. */
function refuse(checks: readonly ScriptCheck[]): readonly string[] {
  if (checks.length === 0) return []
  const cases = checks.map(
    ({ fault, message }) => `\n  when ${fault} then ${literal(`select ${quote(message)}`)}`,
  )
  return [
    `set @aludel_refuse = case${cases.join('')}\n  else 'do 0' end;`,
    'prepare aludel_refuse from @aludel_refuse;',
    'execute aludel_refuse;',
    'deallocate prepare aludel_refuse;',
  ]
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

const quoted =
  /'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\[^]|"")[^"\\]*)*"|`[^`]*`|--\s[^\n]*|#[^\n]*|\/\*[^]*?\*\//g
