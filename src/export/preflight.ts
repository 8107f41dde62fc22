import type { Example } from '../data/example.ts'
import type { DataExport, ExportFormat } from './format.ts'
import { estimateTokens } from './training.ts'

/** What stands against an export, and what to know of it. */
export interface Preflight {
  /** Nothing may be written while there is one. In full sentences; rows are named, never quoted. */
  readonly problems: readonly string[]
  readonly cautions: readonly string[]
}

/** Looks for what trainers refuse, drop or learn wrongly without a word. */
export function checkExport(format: ExportFormat, data: DataExport): Preflight {
  const { train, evaluation, base, training } = data
  const all = [...train, ...evaluation]
  const { demands, title } = format
  const limit = Math.min(training.sequenceLength, base.contextLength ?? Infinity)
  const find = (wrong: (example: Example) => boolean): readonly Example[] => all.filter(wrong)
  const tooLong = find(({ messages }) => estimateTokens(messages) > limit)
  const broken = find(({ messages }) => !takesTurns(messages))
  const multi = train.filter(({ messages }) => answersOf(messages) > 1)
  const system = find(({ messages }) => messages.some(({ role }) => role === 'system'))
  const weighted = train.filter(({ weight }) => weight !== 1)
  const bytes = train.reduce((sum, { messages }) => sum + 64 + Buffer.byteLength(JSON.stringify(messages)), 0)
  return {
    problems: [
      ...told(
        find(({ messages }) => messages.at(-1)?.role !== 'assistant'),
        'do not end with an answer, so there is nothing to learn from them',
      ),
      ...told(
        find(({ messages }) =>
          messages.some(({ role, content }) => role !== 'system' && content.trim() === ''),
        ),
        'have an empty question or answer',
      ),
      ...told(
        find(({ messages }) => messages.findIndex(({ role }) => role === 'system') > 0),
        'have a system message that is not the first',
      ),
      ...(demands.alternating
        ? told(
            broken,
            `do not take turns of user and assistant, which ${title} needs: it refuses or drops them`,
          )
        : []),
      ...told(tooLong, `may be longer than ${limit} tokens: trainers would cut their answers off`),
      ...(train.length < demands.fewest
        ? [`${title} takes ${demands.fewest} training examples or more, and there are ${train.length}.`]
        : []),
      ...(evaluation.length < demands.fewestEvaluation
        ? [
            `${title} needs an evaluation file of ${demands.fewestEvaluation} examples or more, and the project keeps ${evaluation.length} real rows for it: set \`split.dev\` and run again.`,
          ]
        : []),
      ...(bytes > demands.largestFile
        ? [`${title} takes files of ${demands.largestFile / 1e9} GB at most.`]
        : []),
      ...(base.takesSystem === false && system.length > 0
        ? [`${base.name} takes no system message, and ${system.length} examples have one.`]
        : []),
      ...base.faults.map(fault => `${base.name} cannot be tuned as it is. ${fault}`),
    ],
    cautions: [
      ...(weighted.length > 0
        ? [`${weighted.length} examples weigh other than 1; ${title} learns from each alike.`]
        : []),
      ...(demands.learnsAllTurns && multi.length > 0
        ? [
            `${multi.length} conversations have several answers, and ${title} learns all of them, not the last alone.`,
          ]
        : []),
      ...(!demands.alternating
        ? told(broken, 'do not take turns of user and assistant, which some chat templates refuse')
        : []),
      ...(evaluation.length === 0
        ? ['The project keeps no development rows (`split.dev`), so there is no evaluation file.']
        : []),
      ...(base.takesSystem === null && system.length > 0
        ? [
            `${system.length} examples have a system message: make sure that the chat template of ${base.name} takes one.`,
          ]
        : []),
      ...format.notes(data),
    ],
  }
}

function takesTurns(messages: Example['messages']): boolean {
  const turns = messages.filter(({ role }) => role !== 'system')
  return (
    turns.length % 2 === 0 &&
    turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
  )
}

function answersOf(messages: Example['messages']): number {
  return messages.filter(({ role }) => role === 'assistant').length
}

function told(examples: readonly Example[], what: string): readonly string[] {
  if (examples.length === 0) return []
  const shown = examples.slice(0, 3).map(({ id }) => id)
  const more = examples.length > shown.length ? ' and others' : ''
  return [`${examples.length} examples ${what}: ${shown.join(', ')}${more}.`]
}
