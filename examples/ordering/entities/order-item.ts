import { defineEntity, p } from '@mikro-orm/core'
import { Order } from './order.ts'
import { Product } from './product.ts'

export const OrderItem = defineEntity({
  name: 'OrderItem',
  tableName: 'order_items',
  uniques: [{ properties: ['order', 'product'] }],
  properties: {
    id: p.integer().primary(),
    order: () => p.manyToOne(Order).deleteRule('cascade'),
    product: () => p.manyToOne(Product),
    quantity: p.integer().default(1),
    unitPrice: p.decimal().precision(10).scale(2),
  },
})
