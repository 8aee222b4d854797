export { apply } from '../operations/apply.ts'
