import { z } from 'zod'
import { UserError } from '../error.ts'
import type { GgufFile } from './gguf.ts'
import { metadataValue, neededValue } from './gguf-metadata.ts'
import { preTokenizers } from './pre-tokenizers.ts'

/** The tokens of a GGUF file, by their ids. */
interface Vocabulary {
  readonly tokens: readonly string[]
  /** Of each token, as in llama.h. */
  readonly kinds: readonly number[]
}

/** What a token is, as in llama.h. */
export const TOKEN_KINDS = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const

const texts = z.array(z.string())
const numbers = z.array(z.number())

/**
 * The content of a tokenizer.json that makes the same tokens as a GGUF file's metadata: byte-level BPE (`gpt2`), and
 * the BPE of SentencePiece (`llama`). Throws a UserError for another kind, and one whose way of splitting texts into
 * words is unknown.
 */
export function ggufTokenizer(file: Pick<GgufFile, 'path' | 'metadata'>): Readonly<Record<string, unknown>> {
  const kind = neededValue(file, 'tokenizer.ggml.model', z.string())
  if (kind === 'gpt2') return byteLevelTokenizer(file)
  if (kind === 'llama') return sentencePieceTokenizer(file)
  throw new UserError(
    `${file.path} has a tokenizer of the kind ${kind}, which is not known.`,
    'Known are gpt2 (byte-level BPE) and llama (SentencePiece BPE).',
  )
}

function byteLevelTokenizer(file: Pick<GgufFile, 'path' | 'metadata'>): Readonly<Record<string, unknown>> {
  const name = neededValue(file, 'tokenizer.ggml.pre', z.string())
  const words = preTokenizers.get(name)
  if (words === undefined) {
    throw new UserError(
      `${file.path}: how its tokenizer splits texts into words (${name}) is not known.`,
      `Known are ${[...preTokenizers.keys()].join(', ')}.`,
    )
  }
  const vocabulary = readVocabulary(file)
  const merges = neededValue(file, 'tokenizer.ggml.merges', texts)
  return {
    ...frame(vocabulary),
    normalizer: words.normalizer,
    pre_tokenizer: words.preTokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      ...model(vocabulary, merges.map(mergeOf)),
      unk_token: null,
      byte_fallback: false,
      ignore_merges: words.ignoreMerges,
    },
  }
}

/** The first part has at least one letter, which may be a blank. */
function mergeOf(merge: string): readonly [string, string] {
  const blank = merge.indexOf(' ', 1)
  return [merge.slice(0, blank), merge.slice(blank + 1)]
}

function sentencePieceTokenizer(
  file: Pick<GgufFile, 'path' | 'metadata'>,
): Readonly<Record<string, unknown>> {
  const vocabulary = readVocabulary(file)
  const scores = neededValue(file, 'tokenizer.ggml.scores', numbers)
  const isPrefixed = metadataValue(file, 'tokenizer.ggml.add_space_prefix', z.boolean()) ?? true
  const unknown = vocabulary.kinds.indexOf(TOKEN_KINDS.unknown)
  const prefix = { type: 'Prepend', prepend: '▁' }
  const strip = { type: 'Strip', content: ' ', start: 1, stop: 0 }
  return {
    ...frame(vocabulary),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(isPrefixed ? [prefix] : []),
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(isPrefixed ? [strip] : []),
      ],
    },
    model: {
      ...model(vocabulary, mergesOf(vocabulary.tokens, scores)),
      unk_token: vocabulary.tokens[unknown] ?? null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
    },
  }
}

/**
 * SentencePiece joins the two neighbours whose joint piece has the highest score. As a list of pairs: every way to make
 * a piece of two others, by falling score; those of one piece by the ids of their parts, as transformers has them.
 */
function mergesOf(
  tokens: readonly string[],
  scores: readonly number[],
): readonly (readonly [string, string])[] {
  const idOf = new Map(tokens.map((token, id) => [token, id]))
  return tokens
    .flatMap((token, id) => {
      const letters = [...token]
      return letters
        .slice(1)
        .map((_, index) => [letters.slice(0, index + 1).join(''), letters.slice(index + 1).join('')] as const)
        .flatMap(([left, right]) => {
          const [first, second] = [idOf.get(left), idOf.get(right)]
          return first === undefined || second === undefined
            ? []
            : [{ pair: [left, right] as const, score: scores[id] ?? 0, first, second }]
        })
    })
    .sort((a, b) => b.score - a.score || a.first - b.first || a.second - b.second)
    .map(({ pair }) => pair)
}

function readVocabulary(file: Pick<GgufFile, 'path' | 'metadata'>): Vocabulary {
  const tokens = neededValue(file, 'tokenizer.ggml.tokens', texts)
  const kinds = metadataValue(file, 'tokenizer.ggml.token_type', numbers) ?? []
  return { tokens, kinds }
}

/** Tokens that are found in a text before it is split. Control tokens and the unknown one have no text. */
function frame({ tokens, kinds }: Vocabulary): Readonly<Record<string, unknown>> {
  const added = tokens.flatMap((content, id) => {
    const kind = kinds[id]
    if (kind !== TOKEN_KINDS.unknown && kind !== TOKEN_KINDS.control && kind !== TOKEN_KINDS.userDefined)
      return []
    const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false }
    return [{ id, content, ...plain, special: kind !== TOKEN_KINDS.userDefined }]
  })
  return { version: '1.0', truncation: null, padding: null, added_tokens: added, post_processor: null }
}

/** Unused tokens only fill up the embedding. */
function model(
  { tokens, kinds }: Vocabulary,
  merges: readonly (readonly [string, string])[],
): Readonly<Record<string, unknown>> {
  const used = tokens.flatMap((token, id) => (kinds[id] === TOKEN_KINDS.unused ? [] : [[token, id] as const]))
  return {
    type: 'BPE',
    dropout: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    vocab: Object.fromEntries(used),
    merges,
  }
}
