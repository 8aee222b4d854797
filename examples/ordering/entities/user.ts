import { defineEntity, p } from '@mikro-orm/core'

export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.integer().primary(),
    email: p.string().length(200).unique(),
    name: p.string().length(100),
    phone: p.string().length(30).nullable(),
    /** Deprecated: nobody sends a fax any more. */
    fax: p.string().length(30).nullable(),
    createdAt: p.datetime().defaultRaw('current_timestamp'),
  },
})
