import { generating } from './generating.ts'

generating('sqlite')
