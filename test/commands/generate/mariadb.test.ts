import { generating } from './generating.ts'

generating('mariadb')
