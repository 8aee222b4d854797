/** Views, triggers and what else is seen beside tables, as information_schema says it. */
import type { Session } from '../../src/dialect.ts'
import type { Name } from './name.ts'

export interface ViewRow {
  /** Where it is, which its query says again and again. */
  readonly database: string
  readonly name: string
  /** Empty for a login that may not see it. */
  readonly definition: string | null
  readonly checkOption: 'NONE' | 'LOCAL' | 'CASCADED'
  readonly security: 'DEFINER' | 'INVOKER'
  /** MariaDB alone. */
  readonly algorithm?: 'UNDEFINED' | 'MERGE' | 'TEMPTABLE'
}

export interface TriggerRow {
  readonly table: string
  readonly name: string
  readonly timing: 'BEFORE' | 'AFTER'
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly body: string
  /** Among those of the same timing and event. */
  readonly place: number
}

export interface OtherRow {
  readonly kind: string
  readonly name: string
}

/** @param only the end of a condition on a column with tables' names */
export async function readViews(
  name: Name,
  session: Session,
  only: (column: string) => string,
): Promise<readonly ViewRow[]> {
  return session.query<ViewRow>(`
    select table_schema as \`database\`, table_name as name, view_definition as definition, check_option as checkOption,
      security_type as security${name === 'mariadb' ? ', algorithm as algorithm' : ''}
    from information_schema.views where table_schema = database()${only('table_name')}`)
}

export async function readTriggers(
  session: Session,
  only: (column: string) => string,
): Promise<readonly TriggerRow[]> {
  return session.query<TriggerRow>(`
    select event_object_table as \`table\`, trigger_name as name, action_timing as timing, event_manipulation as event,
      action_statement as body, action_order as place
    from information_schema.triggers where trigger_schema = database()${only('event_object_table')}`)
}

export async function readOthers(session: Session): Promise<readonly OtherRow[]> {
  const routines = await session.query<OtherRow>(`
    select lower(routine_type) as kind, routine_name as name
    from information_schema.routines where routine_schema = database()`)
  const events = await session.query<OtherRow>(`
    select 'event' as kind, event_name as name
    from information_schema.events where event_schema = database()`)
  return [...routines, ...events]
}
