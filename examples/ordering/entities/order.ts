import { defineEntity, p } from '@mikro-orm/core'
import { User } from './user.ts'

export const Order = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: p.integer().primary(),
    user: () => p.manyToOne(User),
    status: p.string().length(20).default('new'),
    placedAt: p.datetime().index(),
  },
})
