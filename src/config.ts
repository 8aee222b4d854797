/** What a project configures, and what the rest of aludel reads of it. */
import type { Dialect, EntitySource } from './dialect.ts'

/** A user's configuration. `${NAME}` and `${NAME:-default}` in any string are replaced from the environment. */
export interface Config {
  /** Folders of revision files, relative to the configuration file; default `migrations`. */
  readonly migrations?: string | readonly string[]
  /** Where the database is when neither `--url` nor the environment says. A relative SQLite path is relative to the file. */
  readonly url?: string
  /** A built-in name, a package, a path that begins with a dot, or a dialect itself; default by the scheme of the URL. */
  readonly dialect?: string | Dialect
  /** Globs, module paths, or the path of a `mikro-orm.config.*`; default: find that file. */
  readonly entities?: string | readonly string[]
  /** A database whose server lends scratch places instead of the project's own. */
  readonly scratchUrl?: string
  readonly ledger?: {
    /** Default: the connection's own. */
    readonly schema?: string
    /** Default `aludel_revision`. */
    readonly revisionTable?: string
    /** Default `aludel_journal`. */
    readonly journalTable?: string
  }
  /** Seconds to wait for another runner; default 240. */
  readonly lockWait?: number
  /** Seconds that one statement waits for a table or row that others use, before the step is rolled back and tried again; default what the server has for this login, else 5. */
  readonly lockTimeout?: number
  /** Seconds that one statement may take, 0 for ever; default what the server has for this login. */
  readonly statementTimeout?: number
  /** Seconds to go on trying to connect; 0 tries once; default 60. */
  readonly connectTimeout?: number
  /** Tables (`*` and `?` allowed) that may be dropped although no revision created them; default none. */
  readonly owns?: 'everything' | readonly string[]
}

/** An attempt to connect failed, and another will be made. */
export interface ConnectRetry {
  readonly kind: 'retry'
  /** What the failed attempt said. */
  readonly reason: string
  /** How many attempts there were. */
  readonly tries: number
  /** Milliseconds until the next. */
  readonly wait: number
  /** Milliseconds left for all of them. */
  readonly left: number
}

export type ConfigInput = Config | Promise<Config> | (() => Config | Promise<Config>)

/** Types a configuration; gives back what it is given. */
export function defineConfig<T extends ConfigInput>(config: T): T {
  return config
}

/** A configuration that was checked: defaults filled in, paths absolute. */
export interface Settings {
  /** Absolute: the folder of the configuration, or of the project that it is the `aludel` key of. */
  readonly root: string
  /** Absolute; undefined when a program gave the configuration. */
  readonly file: string | undefined
  /** Absolute. */
  readonly migrations: readonly string[]
  /**
   * Finds the URL: `--url`, ALUDEL_DATABASE_URL, DIRECT_URL, DATABASE_URL, the configuration, a `mikro-orm.config.*`
   * (loaded only then). A SQLite path in it is absolute.
   * @throws {AludelError} URL_MISSING naming these places; URL_INVALID
   */
  readonly url: () => Promise<string>
  /**
   * Loads the dialect's module.
   * @throws {AludelError} DIALECT_UNKNOWN; whatever `url` throws when the dialect is not named
   */
  readonly dialect: () => Promise<Dialect>
  readonly entities: EntitySource
  readonly scratchUrl: string | undefined
  /** The passwords of these URLs in every spelling; those that are plain words are left out. */
  readonly secrets: () => Promise<readonly string[]>
  readonly ledger: {
    readonly schema?: string
    readonly revisionTable: string
    readonly journalTable: string
  }
  /** Milliseconds. */
  readonly lockWait: number
  /** Milliseconds; left out: what the server has, else 5,000. */
  readonly lockTimeout?: number
  /** Milliseconds; left out: what the server has. */
  readonly statementTimeout?: number
  /** Milliseconds to go on trying to connect; 0: one attempt. */
  readonly connectTimeout: number
  /** Told before each pause between two attempts to connect. */
  readonly onRetry?: (retry: ConnectRetry) => void
  readonly owns: 'everything' | readonly string[]
}
