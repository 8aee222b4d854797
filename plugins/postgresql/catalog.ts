/** What is asked of pg_catalog: one round trip, whatever the number of tables. */
import type { PlacedSchema, SchemaFilter } from '../../src/dialect.ts'
import { splitName } from '../../src/schema/name.ts'
import { otherRows } from './catalog-others.ts'
import { literal } from './literal.ts'

/**
 * Gives one row ({@link CatalogRow}). 500 tables of ten columns, three indexes and two constraints take 110 to 170 ms.
 * Never a partition, nor what belongs to an extension.
 * Where schemas are named, the search path is the connection's own without them until the transaction ends, so that every
 * text names what stands in them.
 */
export function catalogQuery({ tables, schemas = [] }: SchemaFilter): string {
  const named = tables?.map((table) => splitName(table))
  const placed = [...schemas, ...unplaced(named ?? [], schemas)]
  return `${withoutJit}; ${schemas.length > 0 ? `${pathWithout(schemas)}; ` : ''}
with ${listSchemas(placed)}, ${listRelations(named && `(${isNamed(named)} or ${readsEnum(named)})`)}, ${sequences}, ${ownFunctions} select
  (${schemaRows}) as schemas,
  (${relationRows}) as relations,
  (${columnRows}) as columns,
  (${constraintRows}) as constraints,
  (${indexRows}) as indexes,
  (${indexPartRows}) as "indexParts",
  (${triggerRows}) as triggers,
  (${enumRows(named && isNamed(named, 'y.typname'))}) as enums,
  (${tables === undefined ? otherRows : 'null::json'}) as others`
}

/** With 500 tables PostgreSQL 15 thinks it worth compiling, which takes longer than the query. */
const withoutJit =
  "select set_config('jit', 'off', true) where current_setting('server_version_num')::int >= 110000"

function pathWithout(schemas: readonly PlacedSchema[]): string {
  const names = schemas.flatMap(({ name, at }) => [literal(name), literal(at)])
  return `select set_config('search_path', coalesce((
  select string_agg(quote_ident(p.name), ', ' order by p.position)
  from unnest(current_schemas(false)) with ordinality p (name, position)
  where p.position = 1 or p.name <> all (array[${names.join(', ')}]::name[])
), ''), true)`
}

type Named = ReturnType<typeof splitName>

/** Schemas that only the names of tables name stand where their name says. */
function unplaced(tables: readonly Named[], schemas: readonly PlacedSchema[]): readonly PlacedSchema[] {
  const names = new Set(tables.flatMap(({ schema }) => (schema === undefined ? [] : [schema])))
  for (const { name } of schemas) names.delete(name)
  return [...names].map((name) => ({ name, at: name }))
}

function isNamed(tables: readonly Named[], name = 'c.relname'): string {
  if (tables.length === 0) return 'false'
  const pairs = tables.map(({ schema = '', name }) => `(${literal(schema)}, ${literal(name)})`)
  return `(coalesce(s.name, ''), ${name}::text) in (${pairs.join(', ')})`
}

/** Tables with generated columns that may be made of an enum type which is asked for: they are in the way when its values go. */
function readsEnum(types: readonly Named[]): string {
  return `c.oid in (
    select a.attrelid from s
    join pg_type y on y.typnamespace = s.oid and y.typtype = 'e'
    join pg_attribute a on a.atttypid in (y.oid, y.typarray)
    join pg_attribute g on g.attrelid = a.attrelid and g.attgenerated <> ''
    where ${isNamed(types, 'y.typname')})`
}

const listSchemas = (placed: readonly PlacedSchema[]): string => `s as materialized (
  select n.oid, n.nspname as at, w.name, coalesce(replace(w.name, '.', '..') || '.', '') as prefix
  from (values (current_schema()::text, null)${placed.map(({ at, name }) => `, (${literal(at)}, ${literal(name)})`).join('')}) w (at, name)
  join pg_namespace n on n.nspname = w.at
  where w.name is null or w.at <> current_schema()
)`

const listRelations = (named = 'true'): string => `t as materialized (
  select c.oid, s.oid as schema, s.at, s.prefix, c.relname as name, c.relkind as kind,
    case when c.relkind = 'p' then array['partition by ' || pg_get_partkeydef(c.oid)]
      when c.relpersistence = 'u' then array['unlogged'] || c.reloptions else c.reloptions end as options
  from s
  join pg_class c on c.relnamespace = s.oid
  where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition and ${named}
    and not exists (
      select from pg_depend e
      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
    )
)`

/** Those that columns own, and what of them is not as by default. */
const sequences = `q as materialized (
  select d.refobjid as table, d.refobjsubid as column, v.seqrelid,
    a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) as integer,
    concat_ws(' ',
      -- One that ends before the column does.
      case when (a.atttypid, v.seqtypid) in (('int8'::regtype, 'int4'::regtype), ('int8'::regtype, 'int2'::regtype),
        ('int4'::regtype, 'int2'::regtype)) then 'as ' || format_type(v.seqtypid, null) end,
      case when v.seqincrement <> 1 then 'increment by ' || v.seqincrement end,
      case when v.seqmin <> m.least then 'minvalue ' || v.seqmin end,
      case when v.seqmax <> m.greatest then 'maxvalue ' || v.seqmax end,
      case when v.seqstart <> case when v.seqincrement > 0 then v.seqmin else v.seqmax end
        then 'start with ' || v.seqstart end,
      case when v.seqcache <> 1 then 'cache ' || v.seqcache end,
      case when v.seqcycle then 'cycle' end) as options
  from t
  join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
    and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  join pg_sequence v on v.seqrelid = d.objid
  join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  cross join lateral (
    select (case v.seqtypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
      else 9223372036854775807 end)::int8 as most
  ) b
  cross join lateral (
    select case when v.seqincrement > 0 then 1 else -b.most - 1 end as least,
      case when v.seqincrement > 0 then b.most else -1 end as greatest
  ) m
)`

/** Functions that one trigger has for itself, named and made as MikroORM does. */
const ownFunctions = `o as materialized (
  select g.oid as trigger, p.oid as function, p.prosrc as body
  from t
  join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal and g.tgnargs = 0
  join pg_proc p on p.oid = g.tgfoid and p.pronamespace = t.schema
    and p.proname = (t.name || '_' || g.tgname || '_fn')::name
  join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
  where p.prokind = 'f' and p.pronargs = 0 and not p.prosecdef and p.proconfig is null and p.provolatile = 'v'
    and not p.proisstrict and not p.proleakproof and p.proparallel = 'u' and p.prosrc !~ '^\\s*#'
    and not exists (
      select from pg_trigger u
      join pg_class c on c.oid = u.tgrelid and not c.relispartition
      where u.tgfoid = p.oid and u.oid <> g.oid
    )
)`

const schemaRows = `select json_agg(r) from (
  select s.at, s.name, quote_ident(s.at) as "quotedAt", quote_ident(s.name) as "quotedName"
  from s
) r`

const relationRows = `select json_agg(r) from (
  select t.oid::int8 as id, t.at as schema, t.name, t.kind, obj_description(t.oid, 'pg_class') as comment,
    t.options,
    case when t.kind in ('v', 'm') then pg_get_viewdef(t.oid) end as definition
  from t
) r`

const columnRows = `select json_agg(r) from (
  select t.oid::int8 as table, a.attname as name, a.attnum as number,
    format_type(a.atttypid, a.atttypmod) as type,
    pg_get_expr(d.adbin, d.adrelid) as expression,
    concat(case when a.attnotnull then 'n' end, a.attidentity, a.attgenerated) as marks, l.collname as collation, m.description as comment,
    case when a.attidentity <> '' then q.options when q.integer and exists (
      select from pg_depend u
      where u.classid = 'pg_attrdef'::regclass and u.objid = d.oid
        and u.refclassid = 'pg_class'::regclass and u.refobjid = q.seqrelid
    ) then q.options end as sequence
  from t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  join pg_type y on y.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum and a.atthasdef
  left join pg_collation l on l.oid = a.attcollation and a.attcollation <> y.typcollation
  left join pg_description m
    on m.classoid = 'pg_class'::regclass and m.objoid = t.oid and m.objsubid = a.attnum
  left join q on q.table = t.oid and q.column = a.attnum
  order by t.oid, a.attnum
) r`

/** What older servers do not have is found outside the innermost query: then it is this. */
const younger = `cross join (
    select false as indnullsnotdistinct, false as conperiod, true as conenforced, null::int2[] as confdelsetcols
  ) before`
const ofIndex = (column: string): string =>
  `(select ${column} from pg_index z where z.indexrelid = i.indexrelid)`
const ofConstraint = (column: string): string => `(select ${column} from pg_constraint z where z.oid = k.oid)`

const constraintRows = `select json_agg(r) from (
  select t.oid::int8 as table, k.conname as name, k.contype as type, k.conkey as columns,
    case when i.indnatts > i.indnkeyatts then (i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1] end as included,
    w.nspname as schema, f.relname as references,
    case k.contype when 'f' then (
      select json_agg(a.attname order by n.position)
      from unnest(k.confkey) with ordinality n (number, position)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.number
    ) end as "referencedColumns",
    k.confdeltype as "onDelete", k.confupdtype as "onUpdate",
    case when k.confdeltype in ('n', 'd') then ${ofConstraint('confdelsetcols')} end as "onDeleteColumns",
    concat(
      case when k.condeferrable then 'd' end, case when k.condeferred then 'l' end,
      case when not k.convalidated then case when ${ofConstraint('conenforced')} then 'v' else 'e' end end,
      case when k.contype = 'c' and k.connoinherit then 'i' end,
      case when k.confmatchtype = 'f' then 'f' end,
      case when (k.conexclop is not null and k.contype <> 'x' or cardinality(k.confkey) > 1)
        and ${ofConstraint('conperiod')} then 'p' end,
      case when k.contype = 'u' and ${ofIndex('indnullsnotdistinct')} then 'n' end
    ) as marks,
    c.reloptions as options,
    case k.contype when 'c' then pg_get_expr(k.conbin, k.conrelid)
      when 'x' then pg_get_constraintdef(k.oid) end as expression
  from t
  join pg_constraint k on k.conrelid = t.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
  left join pg_class f on f.oid = k.confrelid
  left join pg_namespace w on w.oid = f.relnamespace
  left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u')
  left join pg_class c on c.oid = i.indexrelid
  ${younger}
) r`

const ownIndexes = `t
  join pg_index i on i.indrelid = t.oid
  join pg_class c on c.oid = i.indexrelid and not exists (
    select from pg_constraint k
    where k.conindid = c.oid and k.conrelid = t.oid and k.contype in ('p', 'u', 'x')
  )`

const indexRows = `select json_agg(r) from (
  select c.oid::int8 as id, t.oid::int8 as table, c.relname as name,
    concat(
      case when i.indisunique then 'u' end,
      case when i.indisunique and ${ofIndex('indnullsnotdistinct')} then 'n' end,
      -- One of a partitioned table is not valid until each partition has one.
      case when not i.indisvalid and c.relkind = 'i' then 'i' end
    ) as marks,
    m.amname as method, c.reloptions as options, pg_get_expr(i.indpred, i.indrelid) as where
  from ${ownIndexes}
  join pg_am m on m.oid = c.relam
  ${younger}
) r`

const indexPartRows = `select json_agg(r) from (
  select c.oid::int8 as index, n.position > i.indnkeyatts as included, a.attname as column,
    case n.number when 0 then pg_get_indexdef(c.oid, n.position::int, true) end as expression, n.option,
    case when pg_opclass_is_visible(o.oid) then quote_ident(o.opcname)
      else o.opcnamespace::regnamespace::text || '.' || quote_ident(o.opcname) end as "operatorClass",
    ia.attoptions as parameters, l.collname as collation
  from ${ownIndexes}
  cross join unnest(i.indkey::int2[], i.indoption::int2[], i.indclass::oid[], i.indcollation::oid[])
    with ordinality n (number, option, class, collated, position)
  left join pg_attribute a on a.attrelid = t.oid and a.attnum = n.number and n.number <> 0
  left join pg_attribute ia on ia.attrelid = c.oid and ia.attnum = n.position and ia.attoptions is not null
  left join pg_opclass o on o.oid = n.class and (not o.opcdefault or ia.attoptions is not null)
  left join pg_collation l on l.oid = n.collated and l.oid <> coalesce(a.attcollation, 100)
  order by c.oid, n.position
) r`

const triggerRows = `select json_agg(r) from (
  select t.oid::int8 as table, g.tgname as name, g.tgtype as type,
    case when cardinality(g.tgattr::int2[]) > 0 then (
      select json_agg(a.attname order by n.position)
      from unnest(g.tgattr::int2[]) with ordinality n (number, position)
      join pg_attribute a on a.attrelid = t.oid and a.attnum = n.number
    ) end as columns,
    g.tgenabled as enabled, g.tgconstraint <> 0 as constraint, g.tgdeferrable as deferrable,
    g.tginitdeferred as deferred, g.tgoldtable as "oldTable", g.tgnewtable as "newTable",
    pg_get_triggerdef(g.oid) as text, o.body
  from t
  join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal and g.tgconstrrelid = 0
  left join o on o.trigger = g.oid
) r`

const enumRows = (named = 'true'): string => `select json_agg(r) from (
  select s.at as schema, y.typname as name, (
    select coalesce(json_agg(e.enumlabel order by e.enumsortorder), '[]') from pg_enum e where e.enumtypid = y.oid
  ) as items
  from s
  join pg_type y on y.typnamespace = s.oid and y.typtype = 'e'
  where ${named} and not exists (
    select from pg_depend e
    where e.classid = 'pg_type'::regclass and e.objid = y.oid and e.deptype = 'e'
  )
) r`
