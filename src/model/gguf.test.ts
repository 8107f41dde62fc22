import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chatFormat, readCheckpoint } from './checkpoint.ts'

// The decoders of test/fixtures/decoder, written as GGUF files with the Python package gguf (test/peers/gguf_files.py):
// llama in F32 with its rows in llama.cpp's order and rope_freqs.weight, qwen2 in F16 with yarn, qwen3 in BF16.

const decoders = join('test', 'fixtures', 'decoder')
const files = join('test', 'fixtures', 'gguf')

test.each(['llama', 'qwen2'])('%s is the same decoder as a GGUF file and as a folder', async name => {
  const folder = await readCheckpoint(join(decoders, name))
  const file = await readCheckpoint(join(files, `${name}.gguf`))
  expect(withoutDefaults(file.config)).toEqual(withoutDefaults(folder.config))
  expect(file.weights).toEqual(folder.weights)
  const [asFile, asFolder] = [chatFormat(file.chat, 'file'), chatFormat(folder.chat, 'folder')]
  expect(asFile.endIds).toEqual(asFolder.endIds)
  expect(asFile.padId).toBe(asFolder.padId)
  expect(asFile.tokenizer.special).toEqual(asFolder.tokenizer.special)
})

/** A folder also says what yarn takes for granted. */
function withoutDefaults(config: object): unknown {
  return JSON.parse(JSON.stringify(config, (_, value: unknown) => value ?? undefined))
}

test('qwen3 has norms on its queries and keys, and its own width of heads', async () => {
  const { config, weights } = await readCheckpoint(join(files, 'qwen3.gguf'))
  expect(config).toMatchObject({ architecture: 'qwen3', headWidth: 12, queryKeyNorm: true, tied: true })
  expect(weights['model.layers.1.self_attn.q_norm.weight']).toHaveLength(12)
})

test('texts become the same tokens and chats the same text', async () => {
  const expected = JSON.parse(await readFile(join(decoders, 'expected.json'), 'utf8')) as {
    readonly texts: readonly string[]
    readonly ids: readonly (readonly number[])[]
    readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[]
    readonly rendered: string
  }
  const { chat } = await readCheckpoint(join(files, 'llama.gguf'))
  const { tokenizer, template } = chatFormat(chat, 'llama.gguf')
  expect(expected.texts.map(text => tokenizer.encode(text))).toEqual(expected.ids)
  expect(template.render(expected.messages, { forAnswer: false })).toBe(expected.rendered)
})
