import { sizeOf, type Shape } from '../tensor/shape.ts'
import { adapterConfig } from './adapter-folder.ts'
import { chatFormat, type ChatFiles, type OpenCheckpoint } from './checkpoint.ts'
import { configFile } from './decoder-config.ts'
import { weightShapes } from './decoder-weights.ts'
import { ggufShape, ggufTensors, type Quantisation } from './gguf-decoder.ts'
import { ggufVocabulary } from './gguf-vocabulary.ts'
import { ggufBytes, type GgufEntries } from './gguf-write.ts'
import { adapterShapes, type LoraOptions } from './lora.ts'
import { bytesIn, narrowTensor } from './narrow.ts'
import { safetensorsHeader } from './safetensors.ts'

/** A file of a model that is given away, in pieces; weights are read while they are written, one at a time. */
export interface ModelFile {
  readonly path: string
  readonly content: Iterable<string> | AsyncIterable<Uint8Array>
}

export type FloatType = 'f32' | 'f16' | 'bf16'

const forms = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const
const torchNames = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as const

/** Larger files are parted, as transformers does. */
const SHARD_BYTES = 5e9

/**
 * A whole decoder as a Hugging Face folder. `dtype` is how its weights are written; a file of them holds at most
 * `shardBytes`, or one weight. Writing throws a UserError where a weight does not fit into 16 bits.
 */
export function mergedFiles(
  { config, chat, read }: Pick<OpenCheckpoint, 'config' | 'chat' | 'read'>,
  { dtype, shardBytes = SHARD_BYTES }: { readonly dtype: FloatType; readonly shardBytes?: number },
): readonly ModelFile[] {
  const ends = chatFormat(chat, 'the tuned model').endIds
  const shards = shardsOf(weightShapes(config), dtype, shardBytes)
  const names = shards.map((_, index) => shardName(index, shards.length))
  const total = shards.flat().reduce((sum, [, shape]) => sum + bytesIn(forms[dtype], sizeOf(shape)), 0)
  const map = shards.flatMap((shard, index) => shard.map(([name]) => [name, names[index]!] as const))
  const special = specialIds(chat)
  return [
    json('config.json', { ...configFile(config, ends, torchNames[dtype]), ...special }),
    json('generation_config.json', { eos_token_id: ends.length === 1 ? ends[0] : ends, ...special }),
    ...chatFiles(chat),
    ...(shards.length === 1
      ? []
      : [
          json('model.safetensors.index.json', {
            metadata: { total_size: total },
            weight_map: Object.fromEntries(map),
          }),
        ]),
    ...shards.map((shard, index) => ({
      path: names[index]!,
      content: safetensorsBytes(shard, dtype, read),
    })),
  ]
}

/** An adapter as peft reads it, with the tokenizer and the template of its base; `base` is what that is called. */
export function adapterFiles(
  { config, chat }: Pick<OpenCheckpoint, 'config' | 'chat'>,
  adapter: {
    readonly options: LoraOptions
    readonly base: string
    read(name: string): Promise<Float32Array>
  },
): readonly ModelFile[] {
  const { options, base, read } = adapter
  return [
    json('adapter_config.json', adapterConfig(options, base)),
    ...chatFiles(chat),
    {
      path: 'adapter_model.safetensors',
      content: safetensorsBytes([...adapterShapes(config, options)], 'f32', read),
    },
  ]
}

/** A whole decoder as one GGUF file. `about` are entries of its metadata that say what it is. */
export function ggufFiles(
  { config, chat, read }: Pick<OpenCheckpoint, 'config' | 'chat' | 'read'>,
  how: { readonly path: string; readonly quantisation: Quantisation; readonly about: GgufEntries },
): readonly ModelFile[] {
  const { path, quantisation, about } = how
  const format = chatFormat(chat, 'the tuned model')
  const entries = new Map([
    ...ggufShape(config, quantisation),
    ...about,
    ...ggufVocabulary(chat, format, config.vocabulary),
  ])
  return [{ path, content: ggufBytes(entries, ggufTensors(config, quantisation, read)) }]
}

function json(path: string, content: unknown): ModelFile {
  return { path, content: [`${JSON.stringify(content, null, 2)}\n`] }
}

/** A class is named where none is: transformers would take one by the kind of the model, with other rules. */
function chatFiles({ tokenizer, tokenizerConfig, template }: ChatFiles): readonly ModelFile[] {
  return [
    json('tokenizer.json', tokenizer),
    json('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast', ...tokenizerConfig }),
    { path: 'chat_template.jinja', content: [template] },
  ]
}

/** What the tokenizer names; left out, transformers would take the ids of another model. */
function specialIds(chat: ChatFiles): Readonly<Record<string, number | null>> {
  const { tokenizer } = chatFormat(chat, 'the tuned model')
  const idOf = (token: string | null): number | null =>
    token === null ? null : (tokenizer.idOf(token) ?? null)
  return { bos_token_id: idOf(tokenizer.special.begin), pad_token_id: idOf(tokenizer.special.pad) }
}

type NamedShape = readonly [name: string, shape: Shape]

function shardsOf(
  shapes: ReadonlyMap<string, Shape>,
  dtype: FloatType,
  most: number,
): readonly (readonly NamedShape[])[] {
  const shards: NamedShape[][] = [[]]
  let filled = 0
  for (const [name, shape] of shapes) {
    const bytes = bytesIn(forms[dtype], sizeOf(shape))
    if (filled > 0 && filled + bytes > most) {
      shards.push([])
      filled = 0
    }
    shards.at(-1)!.push([name, shape])
    filled += bytes
  }
  return shards
}

function shardName(index: number, count: number): string {
  if (count === 1) return 'model.safetensors'
  const [number, of] = [index + 1, count].map(each => String(each).padStart(5, '0'))
  return `model-${number}-of-${of}.safetensors`
}

async function* safetensorsBytes(
  shapes: readonly NamedShape[],
  dtype: FloatType,
  read: (name: string) => Promise<Float32Array>,
): AsyncIterable<Uint8Array> {
  yield safetensorsHeader(shapes, forms[dtype], { format: 'pt' })
  for (const [name] of shapes) yield narrowTensor(forms[dtype], name, await read(name))
}
