/** The two that speak the same protocol. Where they differ is where this type is asked. */
export type Name = 'mysql' | 'mariadb'

/** For messages. */
export const titles: Record<Name, string> = { mysql: 'MySQL', mariadb: 'MariaDB' }
