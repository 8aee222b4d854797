/** What the catalog is asked for, as rows of JSON. `table` and `index` are object ids. */

export interface SchemaRow {
  readonly at: string
  /** Null: the connection's own. */
  readonly name: string | null
  /** As SQL writes them. */
  readonly quotedAt: string
  readonly quotedName: string | null
}

/** A table or a view. */
export interface RelationRow {
  readonly id: number
  /** Where it stands. */
  readonly schema: string
  readonly name: string
  /** `r` table, `p` partitioned table, `v` view, `m` materialized view. */
  readonly kind: string
  readonly comment: string | null
  /** `fillfactor=70`; `unlogged`; `partition by list (c)`. */
  readonly options: readonly string[] | null
  /** Of a view. */
  readonly definition: string | null
}

export interface ColumnRow {
  readonly table: number
  readonly name: string
  /** Counts dropped columns too; constraints name it. */
  readonly number: number
  readonly type: string
  /** The default, or the expression that generates the column. */
  readonly expression: string | null
  /** What is not as by default of the sequence that it owns, and that its default or identity counts by: `increment by 5`. */
  readonly sequence: string | null
  /** `n` not null; an identity `a` always, `d` by default; generated `s` stored, `v` virtual. */
  readonly marks: string
  readonly collation: string | null
  readonly comment: string | null
}

export interface ConstraintRow {
  readonly table: number
  readonly name: string
  /** `p` primary key, `u` unique, `f` foreign key, `c` check, `x` exclusion. */
  readonly type: string
  /** Numbers of columns. */
  readonly columns: readonly number[] | null
  readonly included: readonly number[] | null
  readonly schema: string | null
  readonly references: string | null
  readonly referencedColumns: readonly string[] | null
  readonly onDelete: string
  readonly onDeleteColumns: readonly number[] | null
  readonly onUpdate: string
  /**
   * `d` deferrable, `l` and deferred (until later); `v` not valid, `e` not enforced; `i` not inherited; `f` matches in full;
   * `p` its last column is a period; `n` nulls are not distinct.
   */
  readonly marks: string
  /** Of its index. */
  readonly options: readonly string[] | null
  readonly expression: string | null
}

export interface IndexRow {
  readonly id: number
  readonly table: number
  readonly name: string
  /** `u` unique, `n` nulls are not distinct, `i` not valid. */
  readonly marks: string
  readonly method: string
  readonly options: readonly string[] | null
  readonly where: string | null
}

export interface IndexPartRow {
  readonly index: number
  readonly included: boolean
  /** Of a plain column. */
  readonly column: string | null
  /** Of anything else. */
  readonly expression: string | null
  /** Bit 0: descending; bit 1: nulls first. */
  readonly option: number | null
  readonly operatorClass: string | null
  readonly parameters: readonly string[] | null
  readonly collation: string | null
}

export interface TriggerRow {
  readonly table: number
  readonly name: string
  /** Bits of pg_trigger.tgtype. */
  readonly type: number
  readonly columns: readonly string[] | null
  /** `O` where changes begin, `D` never, `R` on a replica, `A` always. */
  readonly enabled: string
  readonly constraint: boolean
  readonly deferrable: boolean
  readonly deferred: boolean
  readonly oldTable: string | null
  readonly newTable: string | null
  /** `CREATE TRIGGER …`. */
  readonly text: string
  /** Of a function that is the trigger's own. */
  readonly body: string | null
}

export interface EnumRow {
  readonly schema: string
  readonly name: string
  readonly items: readonly string[]
}

export interface OtherRow {
  readonly kind: string
  readonly name: string
}

/** Null where there are none. */
export interface CatalogRow {
  readonly schemas: readonly SchemaRow[] | null
  readonly relations: readonly RelationRow[] | null
  readonly columns: readonly ColumnRow[] | null
  readonly constraints: readonly ConstraintRow[] | null
  readonly indexes: readonly IndexRow[] | null
  readonly indexParts: readonly IndexPartRow[] | null
  readonly triggers: readonly TriggerRow[] | null
  readonly enums: readonly EnumRow[] | null
  readonly others: readonly OtherRow[] | null
}
