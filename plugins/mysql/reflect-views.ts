import type { View } from '../../src/schema/schema.ts'
import type { ViewRow } from './catalog-objects.ts'

/** Who defined it, and so whose rights it has, is another one on each server: only that it has somebody's is said. */
export function readView({ database, name, definition, checkOption, security, algorithm }: ViewRow): View {
  const options = [
    ...(algorithm === undefined || algorithm === 'UNDEFINED' ? [] : [`algorithm=${algorithm.toLowerCase()}`]),
    ...(security === 'INVOKER' ? ['sql security invoker'] : []),
    ...(checkOption === 'NONE' ? [] : [`with ${checkOption.toLowerCase()} check option`]),
  ]
  return {
    name,
    definition: withoutDatabase(definition ?? '', database),
    ...(options.length > 0 ? { options } : {}),
  }
}

/** The server writes its own database before each table and column. What a string holds stays. */
function withoutDatabase(sql: string, database: string): string {
  const own = `\`${database.replaceAll('`', '``')}\`.`
  return sql.replaceAll(/'(?:[^'\\]|''|\\[^])*'|"(?:[^"\\]|""|\\[^])*"|(?<!\.)`(?:[^`]|``)*`\./g, (part) =>
    part === own ? '' : part,
  )
}
