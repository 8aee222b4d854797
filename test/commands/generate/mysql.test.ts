import { generating } from './generating.ts'

generating('mysql')
