/** Picks the entities out of what modules export. */
import type * as Core from '@mikro-orm/core'
import type { Exports } from './load-module.ts'
import { isObject } from './orm-config.ts'

type Entity = Core.EntitySchema | Core.EntityClass<unknown>

/**
 * Every EntitySchema (`defineEntity` gives one) and decorated class, each once; a class that a schema stands for is
 * that schema. Looks into exported arrays, and into `default`, where a CommonJS module's exports are.
 */
export function exportedEntities(modules: readonly Exports[], core: typeof Core): readonly Entity[] {
  const found = new Set<Entity>()
  for (const value of modules.flatMap((module) => Object.values(module)).flatMap(members)) {
    const entity = asEntity(value, core)
    if (entity) found.add(entity)
  }
  return [...found]
}

function members(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  const isPlain = isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
  return isPlain
    ? [value, ...Object.values(value).flatMap((each) => (Array.isArray(each) ? each : [each]))]
    : [value]
}

function asEntity(value: unknown, core: typeof Core): Entity | undefined {
  if (core.EntitySchema.is(value)) return value
  if (!isClass(value)) return undefined
  const schema = core.EntitySchema.REGISTRY.get(value)
  if (schema) return schema
  // Set on the class itself by @mikro-orm/decorators, both kinds.
  return Object.hasOwn(value, core.MetadataStorage.PATH_SYMBOL) ? value : undefined
}

function isClass(value: unknown): value is Core.EntityClass<unknown> {
  return typeof value === 'function' && value.prototype !== undefined
}
