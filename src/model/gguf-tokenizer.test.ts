import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ggufTokenizer } from './gguf-tokenizer.ts'
import { createTokenizer } from './tokenizer.ts'

test('SentencePiece BPE gives the tokens that the library sentencepiece gives', async () => {
  // Pieces and scores of a model that sentencepiece trained, and its ids of texts: test/peers/gguf_files.py.
  const trained = JSON.parse(await readFile('test/fixtures/gguf/sentence-piece.json', 'utf8')) as {
    readonly tokens: readonly string[]
    readonly scores: readonly number[]
    readonly types: readonly number[]
    readonly texts: readonly string[]
    readonly ids: readonly (readonly number[])[]
  }
  const metadata = new Map<string, string | readonly (string | number)[]>([
    ['tokenizer.ggml.model', 'llama'],
    ['tokenizer.ggml.tokens', trained.tokens],
    ['tokenizer.ggml.scores', trained.scores],
    ['tokenizer.ggml.token_type', trained.types],
  ])
  const tokenizer = createTokenizer(ggufTokenizer({ path: 'a.gguf', metadata }), {}, 'a.gguf')
  expect(trained.texts.map(text => tokenizer.encode(text))).toEqual(trained.ids)
  expect(trained.ids.map(ids => tokenizer.decode(ids))).toEqual(trained.texts)
})
