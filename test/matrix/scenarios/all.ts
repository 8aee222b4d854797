import type { Scenarios } from '../scenario.ts'
import { columns } from './columns.ts'
import { constraints } from './constraints.ts'
import { defaults } from './defaults.ts'
import { entities } from './entities.ts'
import { enums } from './enums.ts'
import { indexes } from './indexes.ts'
import { names } from './names.ts'
import { notOurs } from './not-ours.ts'
import { recorded } from './recorded.ts'
import { relations } from './relations.ts'
import { renames } from './renames.ts'
import { schemas } from './schemas.ts'
import { tables } from './tables.ts'
import { triggers } from './triggers.ts'
import { types } from './types.ts'
import { views } from './views.ts'

/** By name. Kinds of change are the files. */
export const scenarios: Scenarios = {
  ...tables,
  ...columns,
  ...types,
  ...defaults,
  ...constraints,
  ...relations,
  ...indexes,
  ...enums,
  ...renames,
  ...names,
  ...entities,
  ...views,
  ...triggers,
  ...schemas,
  ...notOurs,
  ...recorded,
}
