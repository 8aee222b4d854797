import { mysqlDialect } from '../mysql/dialect.ts'
export default mysqlDialect('mariadb')
