/** What SQLite knows of its tables, each kind of thing in one query for all tables. */
import type { Session } from '../../src/dialect.ts'

export interface Master {
  readonly type: 'table' | 'index' | 'view' | 'trigger'
  readonly name: string
  /** The table that it belongs to; a table's and a view's own name. */
  readonly tbl_name: string
  /** Null for an index that a constraint made. */
  readonly sql: string | null
}

export interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  /** Place in the primary key, from 1; 0 for none. */
  readonly pk: number
}

/** One column of one index. */
export interface IndexRow {
  readonly table: string
  readonly index: string
  readonly unique: number
  /** `c`: create index, `u`: unique constraint, `pk`: primary key. */
  readonly origin: 'c' | 'u' | 'pk'
  /** Null for an expression. */
  readonly column: string | null
  readonly desc: number
  readonly coll: string
}

/** One column of one foreign key. */
export interface ForeignKeyRow {
  readonly table: string
  /** Counts the table's foreign keys from its last to its first. */
  readonly id: number
  readonly parent: string
  readonly from: string
  /** Null when the text names no column: the parent's primary key. */
  readonly to: string | null
  readonly on_update: string
  readonly on_delete: string
}

export interface Catalog {
  readonly columns: readonly ColumnRow[]
  readonly indexes: readonly IndexRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
}

/** Everything, in the order in which it was made. */
export async function readMasters(session: Session): Promise<readonly Master[]> {
  return session.query<Master>(
    `select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite\\_%' escape '\\' order by rowid`,
  )
}

/** What belongs to these tables; SQLite does not tell the case of letters apart. */
export async function readMastersOf(session: Session, tables: readonly string[]): Promise<readonly Master[]> {
  return session.query<Master>(
    `select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite\\_%' escape '\\'
       and tbl_name collate nocase in (select value from json_each(?)) order by rowid`,
    [JSON.stringify(tables)],
  )
}

/** The tables in which virtual tables keep what they hold. */
export async function readShadows(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ readonly name: string }>(
    `select name from pragma_table_list where schema = 'main' and type = 'shadow'`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** @param tables exact names */
export async function readCatalog(session: Session, tables: readonly string[]): Promise<Catalog> {
  const wanted = [JSON.stringify(tables)]
  return {
    columns: await session.query<ColumnRow>(
      `select w.value as "table", c.name, c.type, c."notnull", c.dflt_value, c.pk
       from json_each(?) w, pragma_table_xinfo(w.value, 'main') c order by w.key, c.cid`,
      wanted,
    ),
    indexes: await session.query<IndexRow>(
      `select w.value as "table", i.name as "index", i."unique", i.origin, k.name as "column", k."desc", k.coll
       from json_each(?) w, pragma_index_list(w.value, 'main') i, pragma_index_xinfo(i.name, 'main') k
       where k.key = 1 order by w.key, i.name, k.seqno`,
      wanted,
    ),
    foreignKeys: await session.query<ForeignKeyRow>(
      `select w.value as "table", f.id, f."table" as parent, f."from", f."to", f.on_update, f.on_delete
       from json_each(?) w, pragma_foreign_key_list(w.value, 'main') f order by w.key, f.id desc, f.seq`,
      wanted,
    ),
  }
}

/** Columns of the primary keys of these tables, in the key's order. */
export async function readPrimaryKeys(
  session: Session,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await session.query<{ readonly table: string; readonly name: string }>(
    `select w.value as "table", c.name from json_each(?) w, pragma_table_info(w.value, 'main') c
     where c.pk > 0 order by w.key, c.pk`,
    [JSON.stringify([...new Set(tables)])],
  )
  const byTable = Map.groupBy(rows, ({ table }) => table)
  return new Map([...byTable].map(([table, columns]) => [table, columns.map(({ name }) => name)]))
}
