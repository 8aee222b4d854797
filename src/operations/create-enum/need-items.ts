import { type Told, invalid } from '../needs.ts'

/** @throws {AludelError} OPERATION_INVALID when they are no list of texts, each once */
export function needItems(operation: Told, items: unknown): void {
  if (!Array.isArray(items) || items.some((item) => typeof item !== 'string'))
    throw invalid(operation, 'its values must be a list of texts')
  const twice = items.find((item, at) => items.indexOf(item) < at)
  if (twice !== undefined) throw invalid(operation, `the value ${JSON.stringify(twice)} is there twice`)
}
