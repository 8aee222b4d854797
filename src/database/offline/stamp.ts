/** The rows of a stamp as lines of a script. */
import type { ScriptBlock } from '../../dialect.ts'
import type { RevisionFile } from '../../revision/read.ts'
import { checksum } from '../../revision/checksum.ts'
import { readText } from '../../revision/files.ts'
import { capsuleOf } from '../entries.ts'
import { isToDo, toDo } from './checks.ts'
import { type ScriptContext, journalEntryOf, ledgerLines } from './context.ts'
import { notWritten } from './refusals.ts'
import { comment, inTransaction } from './script.ts'
import { atRun } from './written.ts'

export interface StampChange {
  readonly file: RevisionFile
  /** `upgrade`: it is recorded as applied; `downgrade`: as not applied. */
  readonly direction: 'upgrade' | 'downgrade'
}

/** All of it is one transaction. */
export async function stampLines(
  context: ScriptContext,
  changes: readonly StampChange[],
): Promise<readonly string[]> {
  if (changes.length === 0) return []
  const { scripting, block } = context
  const lines: string[] = []
  for (const change of changes) {
    const { file, direction } = change
    const rows = await ledgerLines(context, async (ledger, session) => {
      // Who stamps a revision has seen to what was half done of it.
      await ledger.closeOpen(session, file.revision)
      if (direction === 'downgrade') await ledger.remove(session, file.revision)
      else await ledger.add(session, capsule(context, file))
      const entry = { entry: atRun.uuid, revision: file.revision, direction: 'stamp' } as const
      await ledger.write(
        session,
        journalEntryOf(context, { ...entry, outcome: 'done', statement: 0, statements: 0 }),
      )
    }).catch((error: unknown) => {
      throw notWritten({ file, direction: 'stamp', error })
    })
    const note = comment(
      context,
      `Stamping ${file.revision} as ${direction === 'upgrade' ? 'applied' : 'not applied'}`,
    )
    if (block) lines.push(...block.when(isToDo(context, direction, file.revision), rows))
    else lines.push(note, ...scripting.refuse([toDo(context, direction, file.revision)]), ...rows)
  }
  return ['', ...(block ? together(context, block, lines) : inTransaction(context, [], lines))]
}

/** As one transaction, which stands inside of the block where a block is made by statements that would commit it. */
function together(context: ScriptContext, block: ScriptBlock, lines: readonly string[]): readonly string[] {
  if (context.dialect.capabilities.transactionalDdl) return inTransaction(context, [], block.whole(lines, []))
  const [begin, end, undo] = ['start transaction', 'commit', 'rollback'].map((sql) => block.statement(sql))
  return block.whole([begin ?? '', ...lines, end ?? ''], [undo ?? ''])
}

function capsule({ run }: ScriptContext, file: RevisionFile) {
  const source = readText(file.path)
  const revision = { file, source, checksum: checksum(source) }
  return { ...capsuleOf(run, revision, { kind: 'unknown', why: 'stamped' }), appliedAt: atRun.now }
}
