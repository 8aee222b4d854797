/** What a database holds, as the database's own tools tell it: the oracle beside aludel's `reflect`. */
import { spawnSync } from 'node:child_process'
import { sql } from './sql.ts'

export interface CatalogOptions {
  /** Default true; false: columns in the order of their names. */
  readonly columnOrder?: boolean
}

/**
 * The text of every object but the ledger's, in a stable order: `pg_dump --schema-only`, `show create table`, or `sqlite_master`
 * with its pragmas. Empty for an empty database.
 */
export async function catalog(
  url: string,
  { columnOrder = true }: CatalogOptions = {},
): Promise<readonly string[]> {
  const texts = await (url.startsWith('sqlite:')
    ? sqlite(url)
    : url.startsWith('pglite:')
      ? postgresFacts(url, 'public')
      : url.startsWith('postgres')
        ? postgres(url)
        : mysql(url))
  return columnOrder ? texts : texts.map(sortLines)
}

/** The same of one schema of PostgreSQL, by `pg_dump` where there is one that reads this server, else by the catalog's own functions. */
export async function postgres(url: string, schema = 'public'): Promise<readonly string[]> {
  const target = new URL(url)
  target.protocol = 'postgresql:'
  target.search = ''
  const dump = spawnSync(
    'pg_dump',
    ['--schema-only', '--no-owner', '--exclude-table=aludel_*', `--schema=${schema}`, target.href],
    { encoding: 'utf8' },
  )
  if (dump.status !== 0) return postgresFacts(target.href, schema)
  return dump.stdout
    .replace(/\$(\w*)\$(.*?)\$\1\$/gs, (_, __, body: string) => functionText(body))
    .split(/;\n/)
    .map((text) => text.replace(/^(?:--.*|\\.*|\s*)\n/gm, '').trim())
    .filter((text) => text !== '' && !/^(?:SET|SELECT|--|\\)/.test(text))
    .filter((text) => !/^(?:COMMENT ON|CREATE) SCHEMA /.test(text))
}

/** White space and the last semicolon of a body change nothing. */
function functionText(body: string): string {
  const words = body.replace(/\s+/g, ' ').trim().replace(/;$/, '')
  return `'${words}'`
}

async function postgresFacts(url: string, schema: string): Promise<readonly string[]> {
  const ours = `n.nspname = '${schema}' and c.relname not like 'aludel\\_%'`
  const columns = await sql(
    url,
    `select c.relname, c.relname || E'\n' || string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attcollation,
        col_description(c.oid, a.attnum)), E'\n' order by a.attnum)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where ${ours} and c.relkind in ('r', 'v', 'm') group by 1 order by 1`,
  )
  const sequences = await sql(
    url,
    `select c.relname, concat_ws(' ', 'sequence', c.relname, format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax)
      from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace where ${ours} order by 1`,
  )
  const constraints = await sql(
    url,
    `select conname, c.relname || ' ' || conname || ' ' || pg_get_constraintdef(k.oid)
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where ${ours} and k.contype <> 'n' order by 1`,
  )
  const indexes = await sql(
    url,
    `select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace where ${ours} order by 1`,
  )
  return [...columns, ...sequences, ...constraints, ...indexes].map(([, text]) => String(text))
}

async function mysql(url: string): Promise<readonly string[]> {
  const tables = await sql(
    url,
    'select table_name from information_schema.tables where table_schema = database() order by 1',
  )
  const names = tables.map(([name]) => String(name)).filter((name) => !name.startsWith('aludel_'))
  const texts: string[] = []
  for (const name of names) {
    const [row] = await sql(url, `show create table \`${name}\``)
    texts.push(String(row?.[1]).replace(/ AUTO_INCREMENT=\d+| ON (?:DELETE|UPDATE) NO ACTION/g, ''))
  }
  return texts
}

async function sqlite(url: string): Promise<readonly string[]> {
  const objects = await sql(
    url,
    `select type, name, tbl_name, sql from sqlite_master where tbl_name not like 'aludel_%' and name <> 'sqlite_sequence' order by type, name`,
  )
  const texts: string[] = []
  for (const [type, name, , text] of objects) {
    if (type !== 'table') {
      texts.push(`${String(type)} ${String(name)}: ${plainWords(plain(text))}`)
      continue
    }
    const facts = await Promise.all(
      ['table_xinfo', 'foreign_key_list'].map((pragma) =>
        sql(url, `select * from pragma_${pragma}('${String(name).replaceAll("'", "''")}')`),
      ),
    )
    const [columns = [], keys = []] = facts
    texts.push(
      [
        `table ${String(name)}`,
        // Without its position; the create text holds the order.
        ...columns.map(([, ...column]) => `  column ${JSON.stringify(column)}`),
        ...keys.map(([, ...key]) => `  foreign key ${JSON.stringify(key)}`).toSorted(),
        // A rule may be said that is there anyway.
        plain(text)
          .replace(/\s+/g, ' ')
          .replace(/ on (?:update|delete) no action/gi, ''),
      ].join('\n'),
    )
  }
  return texts
}

/** SQLite itself writes a new name in other quotes than it was given. */
function plain(text: unknown): string {
  return String(text).replace(/["`]([^"`]+)["`]/g, '$1')
}

/** Lines of a create statement in the order of their text, without the commas between them; a text of one line by its parts. */
function sortLines(text: string): string {
  const lines = text
    .split('\n')
    .flatMap((line) => (/^create table /i.test(line) ? line.split(/, ?|[()]/) : [line]))
  return lines
    .map((line) => line.trim().replace(/,$/, ''))
    .toSorted()
    .join('\n')
}

/** Words of SQL in one case, and without those that change nothing. */
function plainWords(text: string): string {
  return text
    .replace(/'(?:[^']|'')*'|[^']+/g, (part) => (part.startsWith("'") ? part : part.toLowerCase()))
    .replace(/\s+/g, ' ')
    .replace(' for each row', '')
    .replace(/ when \((.*?)\) begin /, ' when $1 begin ')
}
