/** A process that opens a database, tells so, and keeps it until it is killed. */
import pglite from '../../../plugins/pglite/index.ts'

const session = await pglite.connect(process.argv[2] ?? '')
await session.simple('create table kept (n integer)')
await session.simple('begin; insert into kept (n) values (1)')
process.stdout.write('open\n')
setInterval(() => session, 1000)
