/** What is said behind the columns of a table. */
import type { Column, Table } from '../../src/schema/schema.ts'
import type { TableRow } from './catalog.ts'
import { isPeriod } from './column.ts'
import { literal, quote } from './literal.ts'

/** What a table has that {@link writeOptions} would not give it by itself. */
export function readOptions(row: TableRow): readonly string[] {
  const { type, engine, collation, usualCollation, options, text } = row
  const given = (options ?? '').match(/(?:`[^`]*`|\w+)=(?:'[^']*'|"[^"]*"|\S+)/g) ?? []
  const partitions = /\n *(?:\/\*!\d+ *)?(partition by [^]*?)(?:\*\/)?$/i.exec(text ?? '')?.[1]
  return [
    ...(engine === null || engine.toLowerCase() === 'innodb' ? [] : [`engine=${engine}`]),
    ...(collation === null || collation === usualCollation ? [] : [`collate=${collation}`]),
    ...given.map((option) => option.replace(/^[^=]*/, (key) => key.toLowerCase())).sort(),
    ...(type === 'SYSTEM VERSIONED' ? ['with system versioning'] : []),
    ...(partitions === undefined ? [] : [partitions.trim().replaceAll(/\s+/g, ' ')]),
  ]
}

/** With the character set and engine that MikroORM gives each; options of other databases mean nothing here. */
export function writeOptions({ comment, options = [] }: Table): string {
  const valued = options.filter((option) => /^(?:`[^`]*`|\w+)=/.test(option))
  const has = (key: string): boolean => valued.some((option) => option.startsWith(`${key}=`))
  return [
    has('collate') ? '' : 'default character set utf8mb4',
    has('engine') ? '' : 'engine = InnoDB',
    ...valued,
    comment === undefined ? '' : `comment = ${literal(comment)}`,
    ...options.filter((option) => option === 'with system versioning'),
    ...options.filter((option) => /^partition by /i.test(option)),
  ]
    .filter((words) => words !== '')
    .join(' ')
}

/** What a table that keeps its history by columns of its own says of them. */
export function periodDefinition(columns: readonly Column[]): readonly string[] {
  const nameOf = (word: RegExp): string | undefined =>
    columns.find((column) => isPeriod(column) && word.test(column.extra ?? ''))?.name
  const [start, end] = [nameOf(/\bstart\b/i), nameOf(/\bend\b/i)]
  return start === undefined || end === undefined
    ? []
    : [`period for system_time (${quote(start)}, ${quote(end)})`]
}
