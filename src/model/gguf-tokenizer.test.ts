import { expect, test } from 'vitest'
import { trainedSentencePiece } from '../../test/sentence-piece.ts'
import { ggufTokenizer } from './gguf-tokenizer.ts'
import { createTokenizer } from './tokenizer.ts'

test('SentencePiece BPE gives the tokens that the library sentencepiece gives', async () => {
  const { trained, metadata } = await trainedSentencePiece()
  const tokenizer = createTokenizer(ggufTokenizer({ path: 'a.gguf', metadata }), {}, 'a.gguf')
  expect(trained.texts.map(text => tokenizer.encode(text))).toEqual(trained.ids)
  expect(trained.ids.map(ids => tokenizer.decode(ids))).toEqual(trained.texts)
})
