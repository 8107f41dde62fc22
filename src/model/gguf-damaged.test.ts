import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readCheckpoint } from './checkpoint.ts'

const scratch = mkdtempSync(join(tmpdir(), 'tilth-gguf-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const whole = await readFile('test/fixtures/gguf/llama.gguf')
const path = join(scratch, 'model.gguf')

/** What is said of a file with these bytes. */
async function refusal(bytes: Uint8Array): Promise<{ readonly message: string; readonly next?: string }> {
  await writeFile(path, bytes)
  const error: unknown = await readCheckpoint(path).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'UserError' })
  return error as Error & { next?: string }
}

/** The file with the bytes behind a text that stands in it changed. */
function edited(after: string, distance: number, bytes: Uint8Array): Buffer {
  const copy = Buffer.from(whole)
  copy.set(bytes, copy.indexOf(after) + after.length + distance)
  return copy
}

/** The file with other bytes at this place. */
function changed(place: number, ...bytes: readonly number[]): Buffer {
  const copy = Buffer.from(whole)
  copy.set(bytes, place)
  return copy
}

/** The file with another last letter of a key, so that it lacks the entry. */
const renamed = (key: string): Buffer => edited(key.slice(0, -1), 0, Buffer.from('X'))

/** Behind a key stand its value's kind and length. */
const withValue = (key: string, value: string): Buffer => edited(key, 12, Buffer.from(value))

/** Behind a tensor's name stand the number of its axes, its one length, and its type. */
const withType = (type: number): Buffer => edited('output_norm.weight', 12, Buffer.of(type))

test.each([
  [100, 'its header is longer than its 100 bytes'],
  [3, 'its header is longer than its 3 bytes'],
  [whole.length - 1, 'ends at byte'],
])('a file that was cut off after %i bytes is not whole', async (length, reason) => {
  const { message, next } = await refusal(whole.subarray(0, length))
  expect(message).toContain('model.gguf is not a whole GGUF file')
  expect(message).toContain(reason)
  expect(next).toBe('Fetch or copy it again.')
})

test('what is no GGUF file, of another version or byte order is refused', async () => {
  expect((await refusal(Buffer.from('PK\u0003\u0004 and more'))).message).toContain('it begins with "PK')
  expect((await refusal(changed(4, 1))).message).toContain('it has version 1 of the format')
  expect((await refusal(changed(4, 0, 0, 0, 3))).message).toContain('it is big-endian')
  expect((await refusal(changed(8, 255, 255, 255, 255, 255))).message).toContain(
    'its header promises 1099511627775 of tensors',
  )
})

test('a tensor of a type that cannot be read is named, with the types that can', async () => {
  const unknown = await refusal(withType(77))
  expect(unknown.message).toContain('output_norm.weight')
  expect(unknown.message).toContain('the unknown type 77, which cannot be read')
  expect(unknown.next).toContain('Q8_0, Q4_K, Q5_K, Q6_K')
  expect((await refusal(withType(10))).message).toContain('the type Q2_K, which cannot be read')
  expect((await refusal(withType(14))).message).toContain('Q6_K takes rows of a multiple of 256')
})

test('a tokenizer of an unknown kind is named', async () => {
  const kind = await refusal(withValue('tokenizer.ggml.model', 'bert'))
  expect(kind.message).toContain('a tokenizer of the kind bert, which is not known')
  expect(kind.next).toContain('gpt2 (byte-level BPE) and llama')
  const words = await refusal(withValue('tokenizer.ggml.pre', 'gpt-9'))
  expect(words.message).toContain('how its tokenizer splits texts into words (gpt-9) is not known')
  expect(words.next).toContain('smollm')
})

test('an unknown architecture and what the metadata lack are named', async () => {
  const other = await refusal(withValue('general.architecture', 'lamma'))
  expect(other.message).toContain('the architecture lamma is not supported')
  expect(other.next).toBe('Supported are llama, qwen2, qwen3.')
  const [template, heads] = ['tokenizer.chat_template', 'llama.attention.head_count'] as const
  expect((await refusal(renamed(template))).message).toContain('has no chat template')
  expect((await refusal(renamed(heads))).message).toContain('does not say its llama.attention.head_count')
})

test('a file that is not there is not taken for a folder', async () => {
  await expect(readCheckpoint(join(scratch, 'nowhere.gguf'))).rejects.toThrow('There is no file')
})
