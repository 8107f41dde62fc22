import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import { UserError } from '../error.ts'
import { choiceTree, languageConstraint, tokenTree, type Constraint } from '../model/constraint.ts'
import { promptIds, tokenizeExample, type ChatFormat } from '../model/conversation.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { Weights } from '../model/decoder-weights.ts'
import { jsonGrammar } from '../model/json-grammar.ts'
import { openSampler } from '../model/sample.ts'
import { openChoiceScorer } from '../model/score-choices.ts'
import { answerSchema } from '../task/answer-schema.ts'
import { labelsOf } from '../task/labels.ts'
import type { Task } from '../task/task.ts'
import type { Prediction } from './student.ts'

/** A decoder that is asked. */
export interface AskedDecoder {
  readonly task: Task
  readonly config: DecoderConfig
  readonly weights: Weights
  readonly format: ChatFormat
  /** Most tokens of an answer. */
  readonly answerTokens: number
  /** Of one operation; by default as many as there are cores. */
  readonly threads?: number
}

/** Prompts that go through the decoder at once. */
const ROWS = 16

/**
 * The decoder's answers, in the examples' order: for a label task the likeliest label with the probabilities of all;
 * for fields and numbers the greedy answer among those that the task's JSON Schema allows; else the greedy answer.
 */
export async function answerExamples(
  decoder: AskedDecoder,
  examples: readonly Example[],
  context: Context,
): Promise<readonly Prediction[]> {
  if (examples.length === 0) return []
  const { config, format, answerTokens } = decoder
  const prompts = examples.map(({ messages }) => promptIds(format, messages))
  const room = config.context - answerTokens
  const tooLong = prompts.filter(prompt => prompt.length > room).length
  if (tooLong > 0)
    context.log(`${tooLong} prompts are longer than ${room} tokens; their beginnings are left out`)
  const cut = prompts.map(prompt => prompt.slice(-room))
  return decoder.task.kind === 'label'
    ? chooseLabels(decoder, { examples, prompts: cut, context })
    : writeAnswers(decoder, { examples, prompts: cut, context })
}

interface Asked {
  readonly examples: readonly Example[]
  readonly prompts: readonly (readonly number[])[]
  readonly context: Context
}

async function chooseLabels(
  decoder: AskedDecoder,
  { examples, prompts, context }: Asked,
): Promise<readonly Prediction[]> {
  const { task, config, weights, format, threads } = decoder
  const labels = labelsOf(task)
  const tree = choiceTree(labels.map(label => answerIds(format, examples[0]!, label)))
  const scorer = await openChoiceScorer({
    config,
    weights,
    padId: format.padId,
    tree,
    rows: ROWS,
    ...(threads !== undefined && { threads }),
    signal: context.signal,
  })
  try {
    const scores = await scorer.score(prompts, count => context.progress(count, prompts.length))
    return examples.map(({ id }, index) => {
      const own = scores[index]!
      return {
        id,
        text: labels[own.indexOf(Math.max(...own))]!,
        probabilities: Object.fromEntries(labels.map((label, number) => [label, own[number]!])),
      }
    })
  } finally {
    await scorer.close()
  }
}

/** The tokens of an answer with the one that ends it. They are the same after every prompt, whose tokens are a prefix. */
function answerIds(format: ChatFormat, example: Example, answer: string): readonly number[] {
  const last = example.messages.at(-1)?.role === 'assistant' ? -1 : undefined
  const messages = [...example.messages.slice(0, last), { role: 'assistant', content: answer } as const]
  const tokenized = tokenizeExample(format, { id: answer, messages, weight: 1 }, 'last')
  if ('problem' in tokenized)
    throw new UserError(`The label ${answer} cannot be asked for: ${tokenized.problem}.`)
  return tokenized.ids.slice(tokenized.learned.indexOf(1))
}

async function writeAnswers(
  decoder: AskedDecoder,
  { examples, prompts, context }: Asked,
): Promise<readonly Prediction[]> {
  const { task, config, weights, format, answerTokens, threads } = decoder
  const constraint = constraintOf(task, format)
  const sampler = await openSampler({
    config,
    weights,
    rows: ROWS,
    ...(threads !== undefined && { execution: { threads } }),
    signal: context.signal,
  })
  try {
    const answers = await sampler.generate(prompts, {
      maxTokens: answerTokens,
      choice: { kind: 'greedy' },
      endIds: format.endIds,
      random: context.random.stream('answers'),
      ...(constraint && { constraint }),
      onAnswered: count => context.progress(count, prompts.length),
    })
    return examples.map(({ id }, index) => ({ id, text: format.tokenizer.decode(answers[index]!.ids) }))
  } finally {
    await sampler.close()
  }
}

function constraintOf(task: Task, format: ChatFormat): Constraint | undefined {
  if (task.kind !== 'fields' && task.kind !== 'number') return undefined
  const { tokenizer, endIds } = format
  return languageConstraint(jsonGrammar(answerSchema(task)), {
    tokenizer,
    tree: tokenTree(tokenizer),
    endIds,
  })
}
