import { createInterface } from 'node:readline'
import { createRandom } from '../data/random.ts'
import type { Message } from '../data/example.ts'
import type { ServedModel } from '../serve/served-model.ts'
import { readSeed } from './arguments.ts'
import { defineCommand, seedFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { closeModels, modelFlags, openModels, readCount } from './open-models.ts'
import { answeringFlags, type AskedTuned, askTuned } from './open-tuned.ts'
import type { Terminal } from './terminal.ts'

export const chatCommand = defineCommand({
  name: 'chat',
  summary: 'Talks with a model here, or with several side by side.',
  details:
    'Without a model, in the folder of a project, the one that its last run tuned on the first mixture. ' +
    'Each line is a message, and the conversation goes on until the input ends; /new begins another. ' +
    'With several models each has its own conversation, and their answers stand under their names. ' +
    'A tuned model is told first what its task was trained with, unless --system says otherwise.',
  examples: [
    'tilth chat',
    'tilth chat --arm real --arm mixed Hello',
    'tilth chat --model base --arm mixed Hello',
  ],
  args: {
    message: {
      type: 'positional',
      required: false,
      description: 'A message to answer, and nothing more; left out, messages are read line by line.',
    },
    ...modelFlags,
    ...answeringFlags,
    system: { type: 'string', valueHint: 'text', description: 'What the model is told first.' },
    temperature: {
      type: 'string',
      valueHint: 'number',
      description: 'From 0, always the likeliest, to 2; 0 unless told.',
    },
    tokens: {
      type: 'string',
      valueHint: 'number',
      description: 'Most tokens of an answer, 512 unless told.',
    },
    ...seedFlag,
  },
  async run(args, terminal, raw) {
    const temperature = Number(args.temperature ?? 0)
    if (!(temperature >= 0 && temperature <= 2))
      throw new UsageError(`--temperature is "${args.temperature}"; it should be a number from 0 to 2.`)
    const maxTokens = readCount('tokens', args.tokens) ?? 512
    const seed = readSeed(args.seed) ?? 1
    const tuned = await askTuned(args, raw, terminal)
    const models = await openModels({ raw, context: args.context, rows: 1, tuned }, terminal)
    try {
      const { systemOf } = await import('../run/model-facts.ts')
      for (const each of tuned) terminal.note(terminal.style('dim', sentenceOf(each)))
      const talkers = models.map(model => {
        const own = tuned.find(({ name }) => name === model.name)
        const told = args.system ?? (own === undefined ? null : systemOf(own.tuned))
        const first: readonly Message[] = told === null ? [] : [{ role: 'system', content: told }]
        return { model, first }
      })
      const talk = { talkers, temperature, maxTokens, seed }
      const lines = args.message === undefined ? typedLines(terminal) : [args.message]
      await converse(talk, lines, terminal)
      return exitCodes.done
    } finally {
      await closeModels(models)
    }
  },
})

function sentenceOf({ tuned }: AskedTuned): string {
  const { arm, run, model, counts } = tuned
  return `${arm}, of run ${run}: task ${model.task.name}, ${counts.real} real examples and ${counts.synthetic} synthetic ones.`
}

interface Talk {
  readonly talkers: readonly Talker[]
  readonly temperature: number
  readonly maxTokens: number
  readonly seed: number
}

interface Talker {
  readonly model: ServedModel
  /** What every conversation with it begins with. */
  readonly first: readonly Message[]
}

async function* typedLines({ interactive, signal, style }: Terminal): AsyncIterable<string> {
  const lines = createInterface({
    input: process.stdin,
    output: interactive ? process.stderr : undefined,
    signal,
  })
  lines.setPrompt(interactive ? style('cyan', '> ') : '')
  lines.on('SIGINT', () => lines.close())
  let isOpen = true
  lines.on('close', () => (isOpen = false))
  lines.prompt()
  for await (const line of lines) {
    yield line
    if (isOpen) lines.prompt()
  }
}

async function converse(
  talk: Talk,
  lines: AsyncIterable<string> | Iterable<string>,
  terminal: Terminal,
): Promise<void> {
  const { ApiError } = await import('../serve/api-error.ts')
  const begin = (): Message[][] => talk.talkers.map(({ first }) => [...first])
  let [histories, turn] = [begin(), 0]
  for await (const line of lines) {
    if (line.trim() === '') continue
    if (line.trim() === '/new') {
      histories = begin()
      continue
    }
    turn++
    for (const [index, { model }] of talk.talkers.entries()) {
      const history = histories[index]!
      history.push({ role: 'user', content: line })
      if (talk.talkers.length > 1) terminal.out(terminal.style('bold', model.name, 'out'))
      try {
        history.push({ role: 'assistant', content: await answer({ talk, model, history, turn }, terminal) })
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        history.pop()
        terminal.note(error.message)
      }
    }
  }
}

/** Writes the answer as it comes. */
async function answer(
  asked: {
    readonly talk: Talk
    readonly model: ServedModel
    readonly history: readonly Message[]
    readonly turn: number
  },
  { signal, out }: Terminal,
): Promise<string> {
  const { temperature, maxTokens, seed } = asked.talk
  const { text, finish } = await asked.model.answer({
    messages: asked.history,
    maxTokens,
    choice: temperature === 0 ? { kind: 'greedy' } : { kind: 'sample', temperature, topP: 1 },
    stop: [],
    schema: null,
    random: createRandom(seed, `turn ${asked.turn}`),
    signal,
    // Nothing in an answer commands the terminal.
    onText: piece => void process.stdout.write(piece.replaceAll(/[^\P{Cc}\n\t]/gu, '')),
  })
  out(finish === 'length' ? ' …' : '')
  return text
}
