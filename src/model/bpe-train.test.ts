import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { trainBpe } from './bpe-train.ts'
import { createTokenizer } from './tokenizer.ts'

const { texts } = JSON.parse(readFileSync('test/fixtures/decoder/expected.json', 'utf8')) as {
  texts: string[]
}
const special = ['<|pad|>', '<|begin|>', '<|im_start|>', '<|im_end|>']

test('learns the merges and ids that the library tokenizers learns from the same texts', () => {
  const theirs = JSON.parse(readFileSync('test/fixtures/decoder/llama/tokenizer.json', 'utf8')) as object
  const ours = trainBpe(texts, { vocabulary: 288, specialTokens: special })
  expect(ours['model']).toEqual((theirs as Record<string, unknown>)['model'])
  expect(ours['added_tokens']).toEqual((theirs as Record<string, unknown>)['added_tokens'])
})

test('gives the same for the same texts in another order', () => {
  const options = { vocabulary: 300, specialTokens: special }
  expect(JSON.stringify(trainBpe(texts.toReversed(), options))).toBe(JSON.stringify(trainBpe(texts, options)))
})

test('what it encodes it decodes again, whatever the text is', () => {
  const tokenizer = createTokenizer(trainBpe(texts, { vocabulary: 320, specialTokens: special }), {}, 'test')
  for (const text of [...texts, 'Ωμέγα \u{1F9ED}\n', ' ', '\u0000']) {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
    const bytes = tokenizer.encode(text).flatMap(id => [...tokenizer.bytesOf(id)])
    expect(Buffer.from(bytes).toString('utf8')).toBe(text)
  }
})

test('stops where no pair occurs often enough, and refuses a vocabulary that cannot hold the bytes', () => {
  // "abab" twice: ab, then abab; nothing is left to merge.
  const file = trainBpe(['abab', 'abab'], { vocabulary: 400, specialTokens: [] })
  expect((file['model'] as { merges: unknown }).merges).toEqual([
    ['a', 'b'],
    ['ab', 'ab'],
  ])
  expect(() => trainBpe(texts, { vocabulary: 255, specialTokens: [] })).toThrow(RangeError)
})
