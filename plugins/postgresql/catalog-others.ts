/** What is seen and not compared: reads the lists `s` of schemas, `t` of tables and `o` of functions of triggers. */
import { literal } from './literal.ts'

/** What the names of scratch places begin with. */
export const scratchPrefix = 'aludel_scratch_'

const notOwned = (catalog: string, oid: string): string =>
  `not exists (
    select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e'
  )`

export const otherRows = `select json_agg(r) from (
  select case c.relkind when 'f' then 'foreign table' else 'sequence' end as kind, s.prefix || c.relname as name
  from s
  join pg_class c on c.relnamespace = s.oid and c.relkind in ('f', 'S')
  where c.oid not in (select q.seqrelid from q) and not exists (
    select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid
      and (d.deptype = 'e' or c.relkind = 'S' and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))
  )
  union all
  select case y.typtype when 'd' then 'domain' when 'r' then 'range' else 'type' end, s.prefix || y.typname
  from s
  join pg_type y on y.typnamespace = s.oid
  left join pg_class c on c.oid = y.typrelid
  where (y.typtype in ('d', 'r') or c.relkind = 'c')
    and ${notOwned('pg_type', 'y.oid')}
  union all
  -- One that another table's changes concern.
  select 'trigger', g.tgname || ' on ' || t.prefix || t.name
  from t
  join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal and g.tgconstrrelid <> 0
  union all
  select 'policy', p.polname || ' on ' || t.prefix || t.name
  from t
  join pg_policy p on p.polrelid = t.oid
  union all
  select case when k.forced then 'forced row-level security' else 'row-level security' end, t.prefix || t.name
  from t
  join pg_class c on c.oid = t.oid
  join (values (false), (true)) k (forced) on case when k.forced then c.relforcerowsecurity else c.relrowsecurity end
  union all
  select 'rule', w.rulename || ' on ' || t.prefix || t.name
  from t
  join pg_rewrite w on w.ev_class = t.oid and w.rulename <> '_RETURN'
  union all
  select 'statistics', s.prefix || x.stxname
  from s
  join pg_statistic_ext x on x.stxnamespace = s.oid
  union all
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
    s.prefix || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
  from s
  join pg_proc p on p.pronamespace = s.oid
  where ${notOwned('pg_proc', 'p.oid')} and not exists (select from o where o.function = p.oid)
  union all
  select 'extension', e.extname
  from s
  join pg_extension e on e.extnamespace = s.oid
  union all
  select 'collation', s.prefix || l.collname
  from s
  join pg_collation l on l.collnamespace = s.oid
  where ${notOwned('pg_collation', 'l.oid')}
  union all
  -- A scratch place does not stand for the schemas beside it, and public is there from the first.
  select 'schema', n.nspname
  from pg_namespace n
  where n.nspname !~ '^(pg_|information_schema$|${scratchPrefix})' and n.oid not in (select s.oid from s)
    and left(current_schema(), ${scratchPrefix.length}) <> ${literal(scratchPrefix)}
    and ${notOwned('pg_namespace', 'n.oid')}
    and (n.nspname <> 'public' or exists (
      select from pg_class c
      where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm') and ${notOwned('pg_class', 'c.oid')}
    ))
) r`
