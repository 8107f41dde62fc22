import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trainedSentencePiece } from '../../test/sentence-piece.ts'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { createRandom } from '../data/random.ts'
import { readAdapter } from './adapter-folder.ts'
import { chatFormat, openCheckpoint, readCheckpoint, type ChatFiles, type Checkpoint } from './checkpoint.ts'
import { adapterFiles, ggufFiles, mergedFiles, type ModelFile } from './exported-files.ts'
import { ggufTokenizer } from './gguf-tokenizer.ts'
import { ggufVocabulary } from './gguf-vocabulary.ts'
import { plainMetadata } from './gguf-write.ts'
import { narrowToHalf, widenHalf } from './half-floats.ts'
import { initialAdapter } from './lora.ts'
import { PLAIN_TEMPLATE } from './chat-template.ts'
import { openSafetensors } from './safetensors.ts'
import { scratchCheckpoint } from './scratch.ts'
import { createTokenizer } from './tokenizer.ts'

const decoders = join('test', 'fixtures', 'decoder')
const scratch = scratchFolder()
let folders = 0

/** The folder that files were written into. */
async function write(files: readonly ModelFile[]): Promise<string> {
  const folder = join(scratch.path, `written-${folders++}`)
  mkdirSync(folder)
  for (const { path, content } of files) {
    const pieces: Uint8Array[] = []
    for await (const piece of content) pieces.push(Buffer.from(piece as Uint8Array))
    writeFileSync(join(folder, path), Buffer.concat(pieces))
  }
  return folder
}

function readFrom(
  checkpoint: Checkpoint,
): Pick<Awaited<ReturnType<typeof openCheckpoint>>, 'config' | 'chat' | 'read'> {
  const { config, chat, weights } = checkpoint
  return { config, chat, read: name => Promise.resolve(weights[name]!) }
}

function small(): Checkpoint {
  const talk = [
    { role: 'user', content: 'How many geese met the aircraft on approach in 1987?' },
    { role: 'assistant', content: 'Two geese met it, and one gull.' },
  ] as const
  return scratchCheckpoint([talk], createRandom(1, 'exported'))
}

const texts = ['Two geese in 1987!', '  blanks\n\n and été 🚀', "it's 3 o'clock <|user|> twice<|end|>"]

async function gguf(checkpoint: Checkpoint, quantisation: 'f16' | 'q8_0'): Promise<Checkpoint> {
  const about = new Map([['general.name', { type: 'string', value: 'small' } as const]])
  const folder = await write(ggufFiles(readFrom(checkpoint), { path: 'a.gguf', quantisation, about }))
  return readCheckpoint(join(folder, 'a.gguf'))
}

test.each(['llama', 'qwen2', 'scratch'])(
  '%s written as a GGUF file is read back: shape, template, tokens, and weights rounded to 16 bits',
  async name => {
    const before = name === 'scratch' ? small() : await readCheckpoint(join(decoders, name))
    const after = await gguf(before, 'f16')
    expect(JSON.parse(JSON.stringify(after.config))).toMatchObject(
      JSON.parse(JSON.stringify(before.config)) as object,
    )
    for (const [weight, values] of Object.entries(before.weights)) {
      const isMatrix = !/norm|bias/u.test(weight)
      expect([...after.weights[weight]!], weight).toEqual([
        ...(isMatrix ? widenHalf(narrowToHalf(values)) : values),
      ])
    }
    const [own, read] = [chatFormat(before.chat, 'before'), chatFormat(after.chat, 'after')]
    expect(texts.map(read.tokenizer.encode)).toEqual(texts.map(own.tokenizer.encode))
    expect(read.template.source).toBe(own.template.source)
    expect(read.endIds.toSorted()).toEqual(own.endIds.toSorted())
    expect(read.tokenizer.special).toEqual(own.tokenizer.special)
  },
)

test('in Q8_0 every number is within a step of its block, the norms are as they were', async () => {
  const before = small()
  const after = await gguf(before, 'q8_0')
  const norms = Object.keys(before.weights).filter(weight => weight.includes('norm'))
  expect(norms.map(weight => after.weights[weight])).toEqual(norms.map(weight => before.weights[weight]))
  for (const [weight, values] of Object.entries(before.weights)) {
    for (let start = 0; start < values.length; start += 32) {
      const block = values.subarray(start, start + 32)
      const step = Math.max(...block.map(Math.abs)) / 127
      const errors = block.map((value, index) => Math.abs(value - after.weights[weight]![start + index]!))
      expect(Math.max(...errors)).toBeLessThanOrEqual(step * 0.57)
    }
  }
})

test('a SentencePiece tokenizer gets scores that make the tokens of the library sentencepiece', async () => {
  const { trained, metadata } = await trainedSentencePiece()
  const chat: ChatFiles = {
    tokenizer: ggufTokenizer({ path: 'a.gguf', metadata }),
    tokenizerConfig: { bos_token: '<s>', eos_token: '</s>' },
    template: PLAIN_TEMPLATE,
    endIds: [2],
  }
  const written = plainMetadata(ggufVocabulary(chat, chatFormat(chat, 'a'), trained.tokens.length + 2))
  expect(written.get('tokenizer.ggml.tokens')).toEqual([...trained.tokens, '[PAD420]', '[PAD421]'])
  expect(written.get('tokenizer.ggml.token_type')).toEqual([...trained.types, 5, 5])
  expect(written.get('tokenizer.ggml.bos_token_id')).toBe(1)
  const tokenizer = createTokenizer(ggufTokenizer({ path: 'b.gguf', metadata: written }), {}, 'b.gguf')
  expect(trained.texts.map(text => tokenizer.encode(text))).toEqual(trained.ids)
})

test('a tokenizer that llama.cpp has no name for is refused', () => {
  const { chat, config } = small()
  const lower = { ...(chat.tokenizer as object), normalizer: { type: 'Lowercase' } }
  const files = { ...chat, tokenizer: lower }
  expect(() => ggufVocabulary(files, chatFormat(files, 'a'), config.vocabulary)).toThrow(
    'llama.cpp has no name for',
  )
})

test('positions that a GGUF file cannot carry are refused', () => {
  const checkpoint = small()
  const scaling = {
    type: 'yarn',
    factor: 2,
    beta_fast: 16,
    beta_slow: 1,
    truncate: true,
  } as const
  const config = { ...checkpoint.config, rotary: { ...checkpoint.config.rotary, scaling } }
  expect(() =>
    ggufFiles(readFrom({ ...checkpoint, config }), { path: 'a.gguf', quantisation: 'f16', about: new Map() }),
  ).toThrow('scaled by yarn')
})

test('a merged folder is the same decoder, in one file and in shards', async () => {
  const before = await readCheckpoint(join(decoders, 'qwen2'))
  const whole = await write(mergedFiles(readFrom(before), { dtype: 'f32' }))
  expect(withoutNames(await readCheckpoint(whole))).toEqual(withoutNames(before))
  const parted = mergedFiles(readFrom(before), { dtype: 'f32', shardBytes: 40_000 })
  const shards = parted.map(({ path }) => path).filter(path => path.endsWith('.safetensors'))
  expect(shards.length).toBeGreaterThan(2)
  expect(shards[0]).toBe(`model-00001-of-0000${shards.length}.safetensors`)
  const folder = await write(parted)
  expect(withoutNames(await readCheckpoint(folder))).toEqual(withoutNames(before))
  const index = JSON.parse(await readFile(join(folder, 'model.safetensors.index.json'), 'utf8')) as {
    metadata: { total_size: number }
  }
  const numbers = Object.values(before.weights).reduce((sum, values) => sum + values.length, 0)
  expect(index.metadata.total_size).toBe(numbers * 4)
})

/** The written folder names a class for its tokenizer where there was none. */
function withoutNames({ chat, ...rest }: Checkpoint): object {
  const { tokenizer_class: _named, ...tokenizerConfig } = chat.tokenizerConfig
  return { ...rest, chat: { ...chat, tokenizerConfig, endIds: [...chat.endIds].toSorted() } }
}

test('a merged folder in bfloat16 says so', async () => {
  const before = small()
  const folder = await write(mergedFiles(readFrom(before), { dtype: 'bf16' }))
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object
  expect(config).toMatchObject({ dtype: 'bfloat16', pad_token_id: 0, eos_token_id: 1, bos_token_id: null })
  const file = await openSafetensors(join(folder, 'model.safetensors'))
  expect([...file.entries.values()].every(({ dtype }) => dtype === 'BF16')).toBe(true)
  await file.close()
})

test('an adapter is read back as it was', async () => {
  const { config, chat } = await readCheckpoint(join(decoders, 'llama'))
  const options = { rank: 3, alpha: 6, dropout: 0.1, targets: ['down_proj', 'q_proj'] }
  const adapter = initialAdapter(config, options, createRandom(1, 'adapter'))
  const read = (name: string): Promise<Float32Array> => Promise.resolve(adapter[name]!)
  const folder = await write(adapterFiles({ config, chat }, { options, base: 'me/base', read }))
  expect(await readAdapter(folder, config)).toEqual({ options, adapter })
  expect(JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
    base_model_name_or_path: 'me/base',
    task_type: 'CAUSAL_LM',
  })
})
