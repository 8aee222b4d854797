/** The oracle: the schema that MikroORM's own generator makes of the same entities. */
import { spawnSync } from 'node:child_process'
import type { DialectName } from '../support/servers.ts'

/** Quotes in defaults are written as they are meant, and nothing of null behind a generated column, which MariaDB refuses. */
export function createWithMikroOrm(folder: string, file: string, dialect: DialectName, url: string): void {
  const script = `
    import { MikroORM } from '@mikro-orm/${dialect}'
    import * as entities from './${file}'
    const url = ${JSON.stringify(url)}
    const file = /^(?:sqlite|pglite):(.*)$/.exec(url)?.[1]
    const place = file === undefined ? { clientUrl: url.replace('mariadb:', 'mysql:') } : { dbName: file }
    const orm = new MikroORM({ ...place, entities: Object.values(entities), ensureDatabase: false })
    for (const { properties } of orm.getMetadata().getAll().values())
      for (const property of Object.values(properties)) {
        if (typeof property.default === 'string') property.defaultRaw = "'" + property.default.replaceAll("'", "''") + "'"
        if (property.generated && ${dialect === 'mariadb'}) property.nullable = false
      }
    await orm.schema.create()
    await orm.close(true)
  `
  const made = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`MikroORM cannot make its own schema: ${made.stderr}`)
}
