import type { Operations } from 'aludel'

export const message = 'First tables of the ordering app'
export const revision = '3f9dcf7601c8'
export const downRevision = null
export const branchLabels: string[] = []
export const dependsOn: string[] = []
export const createdAt = '2026-11-22T11:10:53Z'

export function upgrade(op: Operations) {
  op.createTable('users', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'email', type: 'string', length: 200 },
      { name: 'name', type: 'string', length: 100 },
      { name: 'phone', type: 'string', length: 30, nullable: true },
      { name: 'fax', type: 'string', length: 30, nullable: true },
      { name: 'created_at', type: 'datetime', default: { sql: 'current_timestamp' } },
    ],
    primaryKey: ['id'],
    uniques: [{ name: 'users_email_unique', columns: ['email'] }],
  })
  op.createTable('orders', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'user_id', type: 'integer' },
      { name: 'status', type: 'string', length: 20, default: 'new' },
      { name: 'placed_at', type: 'datetime' },
    ],
    primaryKey: ['id'],
    indexes: [
      { name: 'orders_placed_at_index', columns: ['placed_at'] },
      { name: 'orders_user_id_index', columns: ['user_id'] },
    ],
    foreignKeys: [
      {
        name: 'orders_user_id_foreign',
        columns: ['user_id'],
        references: { table: 'users', columns: ['id'] },
      },
    ],
  })
  op.createTable('products', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'sku', type: 'string', length: 40 },
      { name: 'name', type: 'string', length: 200 },
      { name: 'price', type: 'decimal', precision: 10, scale: 2 },
      { name: 'active', type: 'boolean', default: true },
    ],
    primaryKey: ['id'],
    uniques: [{ name: 'products_sku_unique', columns: ['sku'] }],
  })
  op.createTable('order_items', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'order_id', type: 'integer' },
      { name: 'product_id', type: 'integer' },
      { name: 'quantity', type: 'integer', default: 1 },
      { name: 'unit_price', type: 'decimal', precision: 10, scale: 2 },
    ],
    primaryKey: ['id'],
    uniques: [{ name: 'order_items_order_id_product_id_unique', columns: ['order_id', 'product_id'] }],
    indexes: [
      { name: 'order_items_order_id_index', columns: ['order_id'] },
      { name: 'order_items_product_id_index', columns: ['product_id'] },
    ],
    foreignKeys: [
      {
        name: 'order_items_order_id_foreign',
        columns: ['order_id'],
        references: { table: 'orders', columns: ['id'] },
        onDelete: 'cascade',
      },
      {
        name: 'order_items_product_id_foreign',
        columns: ['product_id'],
        references: { table: 'products', columns: ['id'] },
      },
    ],
  })
}

export function downgrade(op: Operations) {
  op.dropTable('order_items')
  op.dropTable('products')
  op.dropTable('orders')
  op.dropTable('users')
}
