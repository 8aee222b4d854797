import { generating } from './generating.ts'

generating('postgresql')
