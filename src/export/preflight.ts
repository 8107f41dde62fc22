import type { Example } from '../data/example.ts'
import type { DataExport, ExportFormat } from './format.ts'
import { estimateTokens } from './training.ts'

/** What stands against an export, and what to know of it. In full sentences; rows are named, never quoted. */
export interface Preflight {
  /** Nothing may be written while there is one. */
  readonly problems: readonly string[]
  readonly cautions: readonly string[]
}

/** Looks for what trainers refuse, drop or learn wrongly without a word. */
export function checkExport(format: ExportFormat, data: DataExport): Preflight {
  const { train, evaluation, base, learnAll } = data
  const { demands, title } = format
  const several = train.filter(hasEarlierAnswers)
  const all = [...train, ...evaluation]
  const unturned = all.filter(({ messages }) => !takesTurns(messages))
  const turns = 'do not take turns of user and assistant'
  return {
    problems: [
      ...rowProblems(data),
      ...(demands.alternating
        ? tell(unturned, `Examples that ${turns}, which ${title} refuses or drops`)
        : []),
      ...sizeProblems(format, data),
      ...(base.takesSystem === false
        ? tell(all.filter(hasSystem), `${base.name} takes no system message. Examples that have one`)
        : []),
      ...base.faults.map(fault => `${base.name} cannot be tuned as it is. ${fault}`),
    ],
    cautions: [
      ...tell(
        train.filter(({ weight }) => weight !== 1),
        `Examples that weigh other than 1, which ${title} learns from like any other`,
      ),
      ...(demands.learns === 'all'
        ? tell(
            several.filter(({ task }) => !learnAll.has(task)),
            `Conversations with several answers, all of which ${title} learns, not the last alone`,
          )
        : []),
      ...(demands.learns === 'last'
        ? tell(
            several.filter(({ task }) => learnAll.has(task)),
            `Conversations whose every answer is to be learned, of which ${title} learns the last alone`,
          )
        : []),
      ...(demands.alternating
        ? []
        : tell(unturned, `Examples that ${turns}, which some chat templates refuse`)),
      ...(evaluation.length === 0
        ? ['The project keeps no development rows (`split.dev`), so there is no evaluation file.']
        : []),
      ...(base.takesSystem === null
        ? tell(
            all.filter(hasSystem),
            `Whether ${base.name} takes a system message is not known from here. Examples that have one`,
          )
        : []),
      ...base.cautions.map(caution => `${base.name}: ${caution}`),
      ...format.notes(data),
    ],
  }
}

function rowProblems({ train, evaluation, training, base }: DataExport): readonly string[] {
  const all = [...train, ...evaluation]
  const limit = Math.min(training.sequenceLength, base.contextLength ?? Infinity)
  return [
    ...tell(
      all.filter(({ messages }) => messages.at(-1)?.role !== 'assistant'),
      'Examples that do not end with an answer, so that there is nothing to learn from them',
    ),
    ...tell(
      all.filter(({ messages }) =>
        messages.some(({ role, content }) => role !== 'system' && content.trim() === ''),
      ),
      'Examples with an empty question or answer',
    ),
    ...tell(
      all.filter(({ messages }) => messages.findLastIndex(({ role }) => role === 'system') > 0),
      'Examples with a system message that is not the first',
    ),
    ...tell(
      all.filter(({ messages }) => estimateTokens(messages) > limit),
      `Examples that may be longer than ${limit} tokens, whose answers trainers would cut off`,
    ),
  ]
}

function sizeProblems(
  { demands, title }: ExportFormat,
  { train, evaluation }: DataExport,
): readonly string[] {
  const bytes = train.reduce((sum, { messages }) => sum + 64 + Buffer.byteLength(JSON.stringify(messages)), 0)
  return [
    ...(train.length < demands.fewest
      ? [`${title} takes ${demands.fewest} training examples or more, and there are ${train.length}.`]
      : []),
    ...(evaluation.length < demands.fewestEvaluation
      ? [
          `${title} needs ${demands.fewestEvaluation} examples or more to evaluate on, and the project keeps ${evaluation.length}: set \`split.dev\` and run again.`,
        ]
      : []),
    ...(bytes > demands.largestFile
      ? [
          `${title} takes files of ${demands.largestFile / 1e9} GB at most; the training file would have ${(bytes / 1e9).toFixed(1)}.`,
        ]
      : []),
  ]
}

function takesTurns(messages: Example['messages']): boolean {
  const turns = messages.filter(({ role }) => role !== 'system')
  return turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
}

function hasSystem({ messages }: Example): boolean {
  return messages.some(({ role }) => role === 'system')
}

function hasEarlierAnswers({ messages }: Example): boolean {
  return messages.slice(0, -1).some(({ role }) => role === 'assistant')
}

/** A sentence that names the first three. */
function tell(examples: readonly Example[], what: string): readonly string[] {
  if (examples.length === 0) return []
  const shown = examples.slice(0, 3).map(({ id }) => id)
  const more = examples.length > shown.length ? ` and ${examples.length - shown.length} more` : ''
  return [`${what}: ${shown.join(', ')}${more}.`]
}
