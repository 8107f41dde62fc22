import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../error.ts'
import { writeFileAtomic } from '../data/file.ts'
import { compileChatTemplate, type ChatTemplate } from './chat-template.ts'
import type { ChatFormat } from './conversation.ts'
import { configFile, parseDecoderConfig, type DecoderConfig } from './decoder-config.ts'
import { weightShapes, type Weights } from './decoder-weights.ts'
import { openWeights } from './weights.ts'
import { assertKnownTypes, type GgufFile, openGguf } from './gguf.ts'
import { ggufChatFiles } from './gguf-chat.ts'
import { ggufConfig } from './gguf-config.ts'
import { ggufWeight } from './gguf-weights.ts'
import { writeSafetensors } from './safetensors.ts'
import { createTokenizer, type TextTokenizer } from './tokenizer.ts'

/** Everything of a decoder: what it computes, with which numbers, and how text becomes its tokens. */
export interface Checkpoint {
  readonly config: DecoderConfig
  readonly weights: Weights
  readonly chat: ChatFiles
}

/** What text becomes tokens by, as plain data: the contents of the files of a Hugging Face folder. */
export interface ChatFiles {
  /** The content of tokenizer.json. */
  readonly tokenizer: unknown
  /** The content of tokenizer_config.json, without a chat template. */
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
  /** Jinja. */
  readonly template: string
  /** Ids that config.json and generation_config.json say end a text. */
  readonly endIds: readonly number[]
}

const endSchema = z.object({
  eos_token_id: z
    .union([z.int(), z.array(z.int())])
    .nullish()
    .transform(ids => [ids ?? []].flat()),
})

/** A named list of templates, as some folders have it; `default` is for chats. */
const namedTemplates = z.array(z.object({ name: z.string(), template: z.string() }))

/**
 * What a base model holds, its weights' headers checked against the shape but not read. `assertRoom` is given the shape
 * before anything large is touched. Throws as `readCheckpoint` does.
 */
export async function inspectCheckpoint(
  base: string,
  assertRoom: (config: DecoderConfig) => void,
): Promise<Omit<Checkpoint, 'weights'>> {
  if (isGguf(base)) {
    const file = await openGguf(base)
    try {
      const description = await describeGguf(file)
      assertKnownTypes(file)
      assertRoom(description.config)
      return description
    } finally {
      await file.close()
    }
  }
  const { config, chat } = await readDescription(base, assertRoom)
  const weights = await openWeights(base)
  try {
    for (const [name, shape] of weightShapes(config)) weights.assertHas(name, shape)
  } finally {
    await weights.close()
  }
  return { config, chat }
}

/** A decoder whose weights are read when they are asked for. */
export interface OpenCheckpoint extends Omit<Checkpoint, 'weights'> {
  /** The weight of this name, in a buffer of its own. Throws a UserError where it is missing, damaged or of another shape. */
  read(name: string): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Opens a base model: a GGUF file, or a Hugging Face folder with config.json, model.safetensors or its shards,
 * tokenizer.json, tokenizer_config.json, and the chat template from chat_template.jinja or tokenizer_config.json.
 * Throws a UserError that names the file where one is missing, of an unsupported kind, or does not fit the others.
 */
export async function openCheckpoint(base: string): Promise<OpenCheckpoint> {
  if (isGguf(base)) {
    const file = await openGguf(base)
    try {
      const { config, chat } = await describeGguf(file)
      const shapes = weightShapes(config)
      const read = (name: string): Promise<Float32Array> =>
        ggufWeight(file, config, { name, shape: shapes.get(name)! })
      return { config, chat, read, close: () => file.close() }
    } catch (error) {
      await file.close()
      throw error
    }
  }
  const { config, chat } = await readDescription(base, () => {})
  const shapes = weightShapes(config)
  const files = await openWeights(base)
  return { config, chat, read: name => files.read(name, shapes.get(name)!), close: () => files.close() }
}

/**
 * Reads a base model, as `openCheckpoint` opens it. Numbers are widened to 32-bit floats; those of a quantised model stay
 * as rough as they are.
 */
export async function readCheckpoint(base: string): Promise<Checkpoint> {
  return readWhole(await openCheckpoint(base))
}

/** Reads every weight of a decoder, and closes it. */
export async function readWhole({ config, chat, read, close }: OpenCheckpoint): Promise<Checkpoint> {
  try {
    const weights: Record<string, Float32Array> = {}
    for (const name of weightShapes(config).keys()) weights[name] = await read(name)
    return { config, weights, chat }
  } finally {
    await close()
  }
}

/** A file is taken for one whatever its name. */
function isGguf(base: string): boolean {
  const stats = statSync(base, { throwIfNoEntry: false })
  if (stats === undefined && base.toLowerCase().endsWith('.gguf')) {
    throw new UserError(`There is no file ${base}.`, 'Correct the name of the base model.')
  }
  return stats?.isFile() ?? false
}

/** Reads all of a folder but its weights, which need not be there yet. Throws as `readCheckpoint` does. */
export async function readDescription(
  folder: string,
  assertRoom: (config: DecoderConfig) => void,
): Promise<Omit<Checkpoint, 'weights'>> {
  const content = await readJson(folder, 'config.json')
  const config = parseDecoderConfig(content, join(folder, 'config.json'))
  assertRoom(config)
  const chat = await readChatFiles(folder, content)
  assertFitting(config, chat, folder)
  return { config, chat }
}

/** What is quick comes first, so that a file that cannot be used is refused at once. */
async function describeGguf(file: GgufFile): Promise<Omit<Checkpoint, 'weights'>> {
  const config = await ggufConfig(file)
  const chat = ggufChatFiles(file)
  assertFitting(config, chat, file.path)
  return { config, chat }
}

function assertFitting(config: DecoderConfig, chat: ChatFiles, place: string): void {
  const { size } = chatFormat(chat, place).tokenizer
  if (size <= config.vocabulary) return
  throw new UserError(
    `${place}: the tokenizer has ids up to ${size - 1}, and the embedding ${config.vocabulary} rows.`,
    'The tokenizer and the weights belong to different models.',
  )
}

async function readChatFiles(folder: string, config: unknown): Promise<ChatFiles> {
  const tokenizer = await readJson(folder, 'tokenizer.json')
  const named = z.record(z.string(), z.unknown()).parse(await readJson(folder, 'tokenizer_config.json', {}))
  const { chat_template: inConfig, ...tokenizerConfig } = named
  const generation = await readJson(folder, 'generation_config.json', {})
  const endIds = [config, generation].flatMap(
    file => endSchema.catch({ eos_token_id: [] }).parse(file).eos_token_id,
  )
  return {
    tokenizer,
    tokenizerConfig,
    template: await readTemplate(folder, inConfig),
    endIds: [...new Set(endIds)],
  }
}

async function readTemplate(folder: string, inConfig: unknown): Promise<string> {
  const file = join(folder, 'chat_template.jinja')
  if (existsSync(file)) return readFile(file, 'utf8')
  if (typeof inConfig === 'string') return inConfig
  const list = namedTemplates.safeParse(inConfig)
  const found = list.data?.find(({ name }) => name === 'default')?.template
  if (found !== undefined) return found
  throw new UserError(
    `${folder} has no chat template: neither chat_template.jinja nor one in tokenizer_config.json.`,
    'Take a model that was made for chats, or put the template that it should learn into chat_template.jinja.',
  )
}

async function readJson(folder: string, name: string, instead?: unknown): Promise<unknown> {
  const path = join(folder, name)
  if (!existsSync(path)) {
    if (instead !== undefined) return instead
    throw new UserError(`${folder} has no ${name}.`, 'Give a folder as Hugging Face transformers saves it.')
  }
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (error) {
    throw new UserError(`${path} is no JSON: ${(error as Error).message}`, 'Fetch it again.', {
      cause: error,
    })
  }
}

/** The tokenizer and template of these files, and the tokens that end a turn. `place` names them in messages. */
export function chatFormat(files: ChatFiles, place: string): ChatFormat {
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig, place)
  const template = compileChatTemplate(files.template, tokenizer.special, place)
  const named = tokenizer.special.end === null ? undefined : tokenizer.idOf(tokenizer.special.end)
  const ends = [...files.endIds, named, endOfTurn(tokenizer, template)].filter(id => id !== undefined)
  const endIds = [...new Set(ends)]
  return { tokenizer, template, endIds, padId: padIdOf(tokenizer, endIds) }
}

/** The special token that the template writes after an answer, whatever the files say ends a text. */
function endOfTurn(tokenizer: TextTokenizer, template: ChatTemplate): number | undefined {
  const answer = 'tilth'
  try {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: answer },
    ] as const
    const text = template.render(messages, { forAnswer: false })
    const after = tokenizer.encode(text.slice(text.lastIndexOf(answer) + answer.length))
    return after.find(id => tokenizer.isSpecial(id))
  } catch {
    // A template that refuses so plain a chat names its reason when it is given the examples.
    return undefined
  }
}

/** The tokenizer's own, unless it also ends turns: then the first id that does not. What fills up is never read. */
function padIdOf(tokenizer: TextTokenizer, endIds: readonly number[]): number {
  const named = tokenizer.special.pad === null ? undefined : tokenizer.idOf(tokenizer.special.pad)
  if (named !== undefined && !endIds.includes(named)) return named
  const free = Array.from({ length: tokenizer.size }, (_, id) => id).find(id => !endIds.includes(id))
  return free ?? 0
}

/** Writes a checkpoint as a Hugging Face folder, which transformers opens; weights as 32-bit floats. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { config, weights, chat } = checkpoint
  const json = (name: string, content: unknown): Promise<void> =>
    writeFileAtomic(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)
  await json('config.json', configFile(config, chat.endIds))
  await json('tokenizer.json', chat.tokenizer)
  await json('tokenizer_config.json', chat.tokenizerConfig)
  await writeFileAtomic(join(folder, 'chat_template.jinja'), chat.template)
  const tensors = Array.from(
    weightShapes(config),
    ([name, shape]) => [name, { shape, values: weights[name]! }] as const,
  )
  await writeSafetensors(join(folder, 'model.safetensors'), new Map(tensors))
}
