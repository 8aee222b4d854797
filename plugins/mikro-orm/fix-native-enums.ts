/** Enum types where the database has none: MikroORM 7.2 writes their names as if it had. */
import type { EntityMetadata } from '@mikro-orm/core'
import type { AbstractSqlPlatform } from '@mikro-orm/sql'

/** Changes metadata in place: such a property becomes what it is without `nativeEnumName`. */
export function fixNativeEnums(metadata: readonly EntityMetadata[], platform: AbstractSqlPlatform): void {
  if (platform.supportsNativeEnums()) return
  // Entities that share a table may share the property too.
  const found = metadata.flatMap((meta) =>
    meta.props.filter(({ nativeEnumName }) => nativeEnumName !== undefined).map((prop) => ({ meta, prop })),
  )
  for (const { meta, prop } of found) {
    const { name, fieldNames, items = [], array } = prop
    const texts = items.map(String)
    delete prop.nativeEnumName
    prop.columnTypes = [
      array
        ? platform.getArrayDeclarationSQL()
        : platform.getEnumTypeDeclarationSQL({ items: texts, fieldNames, columnTypes: [] } as never),
    ]
    const [column] = fieldNames
    const isChecked = platform.usesEnumCheckConstraints() && !meta.embeddable && prop.persist !== false
    if (array || column === undefined || !isChecked) continue
    meta.checks.push({
      name: platform.getIndexName(meta.tableName, fieldNames, 'check'),
      property: name,
      expression: platform.getEnumCheckConstraintExpression(column, texts),
    })
  }
}
