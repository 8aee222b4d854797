import { defineEntity, p } from '@mikro-orm/core'

export const Product = defineEntity({
  name: 'Product',
  tableName: 'products',
  properties: {
    id: p.integer().primary(),
    sku: p.string().length(40).unique(),
    name: p.string().length(200),
    price: p.decimal().precision(10).scale(2),
    active: p.boolean().default(true),
  },
})
