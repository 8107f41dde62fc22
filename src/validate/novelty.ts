import type { Message } from '../data/example.ts'
import type { Row, TracedRow } from '../data/row.ts'
import { words } from '../stats/ngrams.ts'
import { createRougeIndex } from '../stats/rouge-index.ts'
import type { RememberingCheck } from './duplicates.ts'
import { createFreeTextTest, freeTextOf, type FreeTextTest } from './free-text.ts'
import { passed, rejected } from './verdict.ts'

/** ROUGE-L from which an instruction is not new, as self-instruct has it (Wang et al. 2023). */
const customary = 0.7

/** `auto`: 0.7 for conversations alone; a number: of these, and of rows with free text; `off`: no check. */
export type RougePolicy = 'auto' | 'off' | number

/**
 * Whether a candidate's instruction is new: its ROUGE-L with every kept and accepted one is at most the limit. The
 * instruction of a conversation is what the user says in it; that of another row its free text, if it has any. Those of
 * one template are alike by design, so that only a project that asks for it has them judged. Rows of short values have no
 * instruction.
 */
export function createNoveltyCheck(options: {
  readonly rouge: Exclude<RougePolicy, 'off'>
  readonly kept: readonly TracedRow[]
}): RememberingCheck {
  const { rouge, kept } = options
  const isFreeText = rouge === 'auto' ? undefined : createFreeTextTest(kept.map(({ row }) => row))
  const index = createRougeIndex({ threshold: rouge === 'auto' ? customary : rouge })

  function add({ id, row }: TracedRow): void {
    const instruction = instructionOf(row, isFreeText)
    if (instruction !== undefined) index.add(id, words(instruction))
  }

  for (const traced of kept) add(traced)
  return {
    accept: ({ traced }) => add(traced),
    check({ traced }) {
      const instruction = instructionOf(traced.row, isFreeText)
      const match = instruction === undefined ? undefined : index.findAbove(words(instruction))
      if (match === undefined) return passed
      return rejected('not-novel', `its ROUGE-L with ${match.key} is ${match.score.toFixed(2)}`)
    },
  }
}

function instructionOf(row: Row, isFreeText: FreeTextTest | undefined): string | undefined {
  const { messages, prompt } = row
  if (typeof messages === 'string' && typeof prompt === 'string') return saidByUser(messages) ?? prompt
  return isFreeText === undefined ? undefined : freeTextOf(row, isFreeText)
}

/** Undefined where the column is no conversation as chat sources write it. */
function saidByUser(messages: string): string | undefined {
  if (!messages.startsWith('[{"role"')) return undefined
  try {
    const turns = JSON.parse(messages) as readonly Message[]
    return turns.flatMap(({ role, content }) => (role === 'user' ? [content] : [])).join('\n')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
