import { readFile } from 'node:fs/promises'

/** A tokenizer that sentencepiece trained, its ids of some texts, and its entries in a GGUF file: test/peers/gguf_files.py. */
export async function trainedSentencePiece() {
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
  return { trained, metadata }
}
