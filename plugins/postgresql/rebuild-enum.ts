/** Puts another enum type in the place of one: only so values go, or change their order. */
import { dollarQuoted } from './dollar-quoted.ts'
import { literal } from './literal.ts'
import { refusedState } from './rights.ts'

/**
 * One statement, so that it takes effect whole or not at all, also outside of a transaction. The server finds by itself what is of the
 * type, in all schemas.
 * @param type its name as SQL
 * @param items all values that it has afterwards; those that stay have their new names already
 */
export function rebuildEnum(type: string, items: readonly string[]): string {
  const steps = [refuseUses, lockTables, refuseRows, readTexts, replaceType, carryOver]
  const block = [
    declarations(literal(type), `array[${items.map(literal).join(', ')}]::text[]`),
    'begin',
    ...steps,
    'end',
  ]
  return `do ${dollarQuoted(`\n${block.join('\n')}\n`, 'aludel')}`
}

const declarations = (type: string, wanted: string): string => `declare
  old constant oid := ${type}::regtype;
  called constant text := format_type(old, null);
  wanted constant text[] := ${wanted};
  gone constant text[] := array(
    select e.enumlabel from pg_enum e where e.enumtypid = old and e.enumlabel <> all (wanted));
  its record;
  uses text;
  held text;
  part record;
  drops text[];
  changes text[];
  defaults text[];
  creates text[];`

/** Whose definition names the type. */
const names = (catalog: string, id: string): string => `exists (
      select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${id}
        and d.refclassid = 'pg_type'::regclass and d.refobjid in (old, its.many))`

/** Columns of the type and of its arrays; what inherits one changes with it. */
const columns = `pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
    where a.atttypid in (old, its.many) and not a.attisdropped and a.attinhcount = 0`

/** What the server does not convert and nothing here makes again. */
const refuseUses = `  select y.typarray as many, y.typowner as owner, y.typacl as rights, n.nspname as place, y.typname as name,
    obj_description(old, 'pg_type') as comment
    into its from pg_type y join pg_namespace n on n.oid = y.typnamespace where y.oid = old;
  select string_agg(distinct pg_describe_object(d.classid, d.objid, d.objsubid), ', ') into uses
    from pg_depend d
    left join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid
    left join pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
    left join pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
    left join pg_attribute a on a.attrelid = coalesce(c.oid, f.adrelid) and a.attnum = coalesce(f.adnum, d.objsubid)
    where d.refclassid = 'pg_type'::regclass and d.refobjid in (old, its.many) and d.deptype <> 'i'
      and not (c.relkind in ('r', 'p') and a.attgenerated = '' or c.relkind in ('i', 'I')
        or f.oid is not null and a.attgenerated = '' or k.conrelid <> 0) is true;
  if uses is not null then
    raise exception using errcode = '${refusedState}',
      message = format('Values of enum type %s cannot go or move while this is made of it: %s.', called, uses),
      hint = 'Drop that before, and create it again after.';
  end if;`

const lockTables = `  for part in select distinct c.oid::regclass::text as relation from ${columns} order by 1 loop
    execute format('lock table %s in access exclusive mode', part.relation);
  end loop;`

const refuseRows = `  for part in select c.oid::regclass::text as relation, quote_ident(a.attname) as name, a.atttypid = old as single
    from ${columns} and cardinality(gone) > 0 order by 1, 2
  loop
    execute format('select string_agg(distinct quote_literal(v), '', '') from %s, unnest(%s) v where v = any ($1)', part.relation,
      case when part.single then format('array[%s::text]', part.name) else part.name || '::text[]' end) into held using gone;
    if held is not null then
      raise exception using errcode = '${refusedState}',
        message = format('Enum type %s cannot lose %s: rows of %s have it in %s.', called, held, part.relation, part.name),
        hint = format('Give them another value before. To find them: select * from %s where %s;', part.relation,
          case when part.single then format('%s in (%s)', part.name, held)
            else format('%s::text[] && array[%s]', part.name, held) end);
    end if;
  end loop;`

/** As long as the type is there they name it, and they mean the new one when they are run. */
const readTexts = `  select array_agg(format('alter table %s %s', r.relation, r.actions)) into changes from (
    select c.oid::regclass as relation, string_agg(format('alter column %1$I type %2$s using %1$I::text%3$s::%2$s', a.attname,
      format_type(a.atttypid, null), case when a.atttypid = old then '' else '[]' end), ', ' order by a.attnum) as actions
    from ${columns} group by c.oid order by c.oid
  ) r;
  select array_agg(format('alter table only %s alter column %I drop default', r.relation, r.name)),
    array_agg(format('alter table only %s alter column %I set default %s', r.relation, r.name, r.expression)) into drops, defaults from (
    select c.oid::regclass as relation, a.attname as name, pg_get_expr(f.adbin, f.adrelid) as expression
    from pg_attrdef f join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum and a.attgenerated = ''
    join pg_class c on c.oid = a.attrelid
    where a.atttypid in (old, its.many) or ${names('pg_attrdef', 'f.oid')}
    order by c.oid, a.attnum
  ) r;
  -- Those that refer to keys go first and come last.
  for part in select k.oid, k.conrelid::regclass as relation, k.conname as name, pg_get_constraintdef(k.oid) as definition,
      obj_description(k.oid, 'pg_constraint') as comment
    from pg_constraint k where k.conrelid <> 0 and k.coninhcount = 0 and k.conparentid = 0 and (${names('pg_constraint', 'k.oid')}
      or k.contype = 'x' and ${names('pg_class', 'k.conindid')}
      or k.contype = 'f' and exists (
        select from pg_attribute a where a.atttypid in (old, its.many)
          and (a.attrelid = k.conrelid and a.attnum = any (k.conkey) or a.attrelid = k.confrelid and a.attnum = any (k.confkey))))
    order by k.contype = 'f', k.oid
  loop
    drops := format('alter table %s drop constraint %I', part.relation, part.name) || drops;
    creates := creates || format('alter table %s add constraint %I %s', part.relation, part.name, part.definition);
    if part.comment is not null then
      creates := creates || format('comment on constraint %I on %s is %L', part.name, part.relation, part.comment);
    end if;
  end loop;
  for part in select c.oid::regclass as relation, replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') as definition,
      obj_description(c.oid, 'pg_class') as comment
    from pg_class c where c.relkind in ('i', 'I') and not c.relispartition and ${names('pg_class', 'c.oid')}
      and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
    order by c.oid
  loop
    drops := drops || format('drop index %s', part.relation);
    creates := array[part.definition] || creates;
    if part.comment is not null then
      creates := creates || format('comment on index %s is %L', part.relation, part.comment);
    end if;
  end loop;`

/** A default goes with its value. */
const replaceType = `  execute format('alter type %s rename to aludel_old_enum', called);
  execute format('create type %I.%I as enum (%s)', its.place, its.name,
    (select string_agg(quote_literal(u.v), ', ' order by u.n) from unnest(wanted) with ordinality u (v, n)));
  foreach held in array coalesce(drops, '{}') || coalesce(changes, '{}') loop
    execute held;
  end loop;
  foreach held in array coalesce(defaults, '{}') loop
    begin
      execute held;
    exception when invalid_text_representation then null;
    end;
  end loop;
  foreach held in array coalesce(creates, '{}') loop
    begin
      execute held;
    exception when invalid_text_representation then
      raise exception using errcode = '${refusedState}',
        message = format('Enum type %s cannot lose a value that this names: %s', called, held),
        hint = 'Change or drop that before.';
    end;
  end loop;
  execute format('drop type %I.aludel_old_enum', its.place);`

const carryOver = `  if its.comment is not null then
    execute format('comment on type %s is %L', called, its.comment);
  end if;
  if its.owner <> (select y.typowner from pg_type y where y.oid = called::regtype) then
    execute format('alter type %s owner to %I', called, pg_get_userbyid(its.owner));
  end if;
  if its.rights is not null then
    execute format('revoke all on type %s from public', called);
    for part in select g.grantee, g.is_grantable from aclexplode(its.rights) g where g.grantee <> its.owner loop
      execute format('grant usage on type %s to %s%s', called,
        case part.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(part.grantee)) end,
        case when part.is_grantable then ' with grant option' else '' end);
    end loop;
  end if;`
