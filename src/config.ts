/** What a project configures, and what the rest of aludel reads of it. */
import type { Dialect, EntitySource } from './dialect.ts'
import type { Operation } from './operations/operation.ts'
import type { Filter, Include } from './schema/filter.ts'
import type { PresetName } from './schema/presets.ts'

/** A user's configuration. `${NAME}` and `${NAME:-default}` in any string are replaced from the environment. */
export interface Config {
  /** Folders of revision files, relative to the configuration file; default `migrations`. */
  readonly migrations?: string | readonly string[]
  /** Where the database is when neither `--url` nor the environment says. A relative path of SQLite or PGlite is relative to the file. */
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
  /** What may be dropped although no revision made it (`*` and `?` allowed): tables, `users.legacy`, views; default nothing. */
  readonly owns?: 'everything' | readonly string[]
  /**
   * The name of a new revision file, without its extension; default `{revision}_{slug}`. There are also `{year}`, `{month}`, `{day}`,
   * `{hour}`, `{minute}`, `{second}` and `{epoch}` (seconds). Any name is read: the id stands in the file.
   */
  readonly fileTemplate?: string
  /** Bytes of the message's words in the name of a new file; default 120, the most. */
  readonly slugLength?: number
  /** Of the name and of `createdAt` of a new file: `UTC` (default), `local`, or a zone as in `Europe/Paris`. */
  readonly timezone?: string
  /** Schemas beside the connection's own that are looked at, no others; default those that entities or revisions name. */
  readonly schemas?: readonly string[]
  /** Tables and views that are looked at, by glob; one that begins with `!` is not: `['!audit_*']`. */
  readonly tables?: readonly string[]
  /** What `supabase` or `postgis` put into a database is not looked at. */
  readonly presets?: readonly PresetName[]
  /** Tells of each object whether it is looked at; what is not is neither compared nor listed, and stays as it is. */
  readonly include?: Include
  /** May change what a generated revision holds before it is written. */
  readonly processRevision?: ProcessRevision
  /** Commands that are run on each new file, as in `prettier --write`; the file comes last, or where `{file}` stands. No shell reads them. */
  readonly writeHooks?: string | WriteHook | readonly (string | WriteHook)[]
}

export interface WriteHook {
  readonly run: string
  /** Seconds; default 60. */
  readonly timeout?: number
}

/** A revision that was generated, as plain data. */
export interface GeneratedRevision {
  readonly message: string
  readonly revision: string
  readonly downRevision: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** What `upgrade` drops; follows what the hook leaves of it, unless the hook gives another. */
  readonly allowDataLoss: readonly string[]
}

/** Gives what it changes: message, upgrade, downgrade, allowDataLoss; nothing: no change. Where no operation is left, no file is written. */
export type ProcessRevision = (
  revision: GeneratedRevision,
) => Partial<GeneratedRevision> | undefined | void | Promise<Partial<GeneratedRevision> | undefined | void>

/** A command that is run on a new file. */
export interface RunHook {
  /** The program, and its arguments. */
  readonly words: readonly string[]
  /** Milliseconds. */
  readonly timeout: number
}

/** How new revision files are made. */
export interface NewFiles {
  /** What the name of a file is made of, without its extension. */
  readonly template: readonly TemplatePart[]
  /** Bytes of UTF-8. */
  readonly slugLength: number
  /** An IANA name, or `local`. */
  readonly timezone: string
}

/** Text, or what stands for it. */
export type TemplatePart = string | { readonly part: (typeof templateParts)[number] }

export const templateParts = [
  'revision',
  'slug',
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'epoch',
] as const

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
  readonly newFiles: NewFiles
  readonly filter: Filter
  readonly processRevision?: ProcessRevision
  readonly writeHooks: readonly RunHook[]
}
