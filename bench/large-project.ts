/**
 * One schema of many tables (ten columns, two indexes, a foreign key each), written as entities of MikroORM and as models of
 * SQLAlchemy. Both have one more column in the first table while BENCH_CHANGE is set.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface LargeProject {
  readonly tables: number
  readonly url: { readonly aludel: string; readonly alembic: string }
  /** Of the installed packages. */
  readonly packages: string
}

/** Writes what aludel, MikroORM (`mikro-orm.mjs`) and Alembic need to generate in that folder. */
export function writeLargeProject(folder: string, { tables, url, packages }: LargeProject): void {
  const names = Array.from({ length: tables }, (_, at) => `table_${String(at).padStart(4, '0')}`)
  const write = (file: string, text: string): void => writeFileSync(path.join(folder, file), text)
  for (const name of ['migrations', 'alembic', 'alembic/versions']) mkdirSync(path.join(folder, name))
  symlinkSync(packages, path.join(folder, 'node_modules'))
  write('package.json', '{ "type": "module" }')
  write('aludel.config.json', JSON.stringify({ url: url.aludel, entities: ['entities.ts'] }))
  write('entities.ts', entities(names, url.aludel))
  write('mikro-orm.mjs', liveDiff(url.aludel))
  write('memory.mjs', memory)
  write('alembic.ini', '[alembic]\nscript_location = %(here)s/alembic\n')
  write('alembic/script.py.mako', template)
  write('alembic/env.py', environment(url.alembic))
  write('models.py', models(names, url.alembic))
}

/** In chains of ten: SQLAlchemy follows them by recursion, and fails on one of 500. */
function parentOf(names: readonly string[], at: number): string | undefined {
  return names[at % 10 === 0 ? 0 : at - 1]
}

const packageOf = (url: string): string => `@mikro-orm/${url.startsWith('sqlite') ? 'sqlite' : 'postgresql'}`

function entities(names: readonly string[], url: string): string {
  const list = names.map(
    (name, at) => `
export const ${name} = defineEntity({
  name: '${name}',
  tableName: '${name}',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string().length(200).index('${name}_name_index'),
    email: p.string().length(255).nullable(),
    age: p.integer(),
    price: p.decimal().precision(10).scale(2).default('0'),
    active: p.boolean().default(true),
    note: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('current_timestamp'),
    updatedAt: p.datetime().nullable(),
    parent: () => p.manyToOne(${parentOf(names, at)}).nullable().index('${name}_parent_id_index'),${at === 0 ? '\n    ...changed,' : ''}
  },
})`,
  )
  return `import { defineEntity, p } from '${packageOf(url)}'

const changed = process.env.BENCH_CHANGE === undefined ? {} : { extra: p.string().length(100).nullable() }
${list.join('\n')}
`
}

/** What MikroORM's own \`schema:update\` computes. */
function liveDiff(url: string): string {
  const target = url.startsWith('sqlite')
    ? `dbName: ${JSON.stringify(url.slice('sqlite:'.length))}`
    : `clientUrl: ${JSON.stringify(url)}`
  return `import { MikroORM } from '${packageOf(url)}'
import * as all from './entities.ts'

const orm = await MikroORM.init({
  ${target},
  entities: Object.values(all),
  ensureDatabase: false,
  schemaGenerator: { skipTables: ['aludel_revision', 'aludel_journal'] },
})
await orm.schema.getUpdateSchemaSQL()
await orm.close()
`
}

const memory = `import { writeFileSync } from 'node:fs'
process.on('exit', () => writeFileSync('memory.txt', String(process.resourceUsage().maxRSS)))
`

const sqlAlchemyUrl = (url: string): string =>
  url.startsWith('sqlite:')
    ? `sqlite:///${url.slice('sqlite:'.length)}`
    : url.replace(/^postgresql:/, 'postgresql+psycopg2:')

function models(names: readonly string[], url: string): string {
  const time = url.startsWith('sqlite') ? 'sa.DateTime()' : 'postgresql.TIMESTAMP(timezone=True, precision=0)'
  const list = names.map(
    (name, at) => `
class ${name}(Base):
    __tablename__ = '${name}'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(200), nullable=False)
    email = sa.Column(sa.String(255))
    age = sa.Column(sa.Integer, nullable=False)
    price = sa.Column(sa.Numeric(10, 2), nullable=False, server_default='0')
    active = sa.Column(sa.Boolean, nullable=False, server_default=sa.true())
    note = sa.Column(sa.Text)
    created_at = sa.Column(${time}, nullable=False, server_default=sa.func.current_timestamp())
    updated_at = sa.Column(${time})
    parent_id = sa.Column(sa.Integer, sa.ForeignKey('${parentOf(names, at)}.id', name='${name}_parent_id_foreign', onupdate='cascade', ondelete='set null'))${at === 0 ? "\n    if os.environ.get('BENCH_CHANGE'):\n        extra = sa.Column(sa.String(100))" : ''}
    __table_args__ = (sa.Index('${name}_name_index', 'name'), sa.Index('${name}_parent_id_index', 'parent_id'))
`,
  )
  return `import os
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import declarative_base

Base = declarative_base()
${list.join('\n')}`
}

/** As \`alembic init\` writes it, online. */
function environment(url: string): string {
  return `import sys
sys.path.insert(0, '.')
from alembic import context
from sqlalchemy import create_engine, pool
from models import Base

engine = create_engine(${JSON.stringify(sqlAlchemyUrl(url))}, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
`
}

/** As \`alembic init\` writes it. */
const template = `"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}

"""
from alembic import op
import sqlalchemy as sa
\${imports if imports else ""}

revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}
branch_labels = \${repr(branch_labels)}
depends_on = \${repr(depends_on)}


def upgrade():
    \${upgrades if upgrades else "pass"}


def downgrade():
    \${downgrades if downgrades else "pass"}
`
