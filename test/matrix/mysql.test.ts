import { matrix } from './matrix.ts'
import { scenarios } from './scenarios/all.ts'

matrix('mysql', scenarios)
