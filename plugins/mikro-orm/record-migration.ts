/** What a migration would do, found by calling it without a database. */
import type { AbstractSqlDriver, Configuration } from '@mikro-orm/sql'
import type { RecordedWay } from '../../src/dialect.ts'
import { firstLine } from './first-line.ts'
import type { MigrationClass } from './migration-files.ts'

/** A driver whose connection is none. */
export interface RecordingDriver {
  /** Calls the one method of a new migration. */
  record(found: MigrationClass, way: 'up' | 'down'): Promise<RecordedWay>
}

/** Changes the driver, which must be nobody else's. */
export function recordingDriver(driver: AbstractSqlDriver, config: Configuration): RecordingDriver {
  const connection = driver.getConnection()
  // `prepareQuery` writes raw fragments and builders of queries as MikroORM itself would send them.
  const textOf = (query: unknown, params?: unknown): string =>
    (connection as unknown as Preparing).prepareQuery(query, params).formatted
  let executed: string[] = []
  let asked: string | undefined
  const ask = (what: string): never => {
    asked ??= what
    throw new Error(`there is no database (${what})`)
  }
  const execute = async (query: unknown, params?: unknown): Promise<unknown> => {
    const text = textOf(query, params)
    executed.push(text)
    return unreadable(() => ask(text))
  }
  const own: Readonly<Record<string, unknown>> = {
    execute,
    ...Object.fromEntries(connecting.map((name) => [name, () => ask(`connection.${name}`)])),
  }
  const facade = new Proxy(connection, {
    get: (target, name) => {
      if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  Reflect.set(driver, 'connection', facade)
  return {
    record: async (found, way) => {
      executed = []
      asked = undefined
      const migration = new found(driver, config)
      let refuses: string | undefined
      try {
        await migration[way]()
      } catch (error) {
        refuses = firstLine(error)
      }
      // What is executed runs at once, before what is added.
      const texts = [...executed, ...migration.getQueries().map((query) => textOf(query))]
      if (asked !== undefined) return { texts, asks: asked }
      return refuses === undefined ? { texts } : { texts, refuses }
    },
  }
}

interface Preparing {
  prepareQuery(query: unknown, params?: unknown): { readonly formatted: string }
}

const connecting = [
  'connect',
  'ensureConnection',
  'initClient',
  'getClient',
  'getNativeClient',
  'checkConnection',
  'isConnected',
  'transactional',
  'begin',
  'stream',
  'executeDump',
  'loadFile',
]

/** An answer that nobody has: who looks at it is told apart from who does not. */
function unreadable(looked: () => never): unknown {
  return new Proxy([], {
    // Of every value that is waited for it is asked whether it is a promise.
    get: (_, name) => (name === 'then' ? undefined : looked()),
    has: () => looked(),
    ownKeys: () => looked(),
  })
}
