/** MySQL 8.0.19 and later. */
import { mysqlDialect } from './dialect.ts'

export default mysqlDialect('mysql')
