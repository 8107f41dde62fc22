import { z } from 'zod'
import { UserError } from '../error.ts'
import type { ChatFiles } from './checkpoint.ts'
import type { ChatFormat } from './conversation.ts'
import { ggufTokenizer, TOKEN_KINDS } from './gguf-tokenizer.ts'
import { type GgufEntries, type GgufEntry, plainMetadata } from './gguf-write.ts'
import { preTokenizers } from './pre-tokenizers.ts'
import { createTokenizer } from './tokenizer.ts'

const bpeSchema = z.object({
  type: z.literal('BPE').default('BPE'),
  vocab: z.record(z.string(), z.int().min(0)),
  /** Two parts, or a text with a blank between them. */
  merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  unk_token: z.string().nullish(),
  byte_fallback: z.boolean().default(false),
  ignore_merges: z.boolean().default(false),
})

const tokenizerSchema = z.object({
  model: bpeSchema,
  added_tokens: z
    .array(z.object({ id: z.int().min(0), content: z.string(), special: z.boolean().default(false) }))
    .default([]),
})

type Tokenizer = z.output<typeof tokenizerSchema>

/**
 * The metadata of a GGUF file from which llama.cpp makes the same tokens as this chat format does: byte-level BPE
 * (`gpt2`) and the BPE of SentencePiece (`llama`), special tokens, ends of turns, the template. Nothing is added before or
 * after a text: the template has all there is to add. `vocabulary` are the rows of the embedding. Throws a UserError for
 * a tokenizer that no name of llama.cpp stands for, found by splitting texts with each.
 */
export function ggufVocabulary(files: ChatFiles, format: ChatFormat, vocabulary: number): GgufEntries {
  const parsed = tokenizerSchema.safeParse(files.tokenizer)
  if (!parsed.success) throw unknownTokenizer()
  const content = parsed.data
  const tokens = tokensOf(content, vocabulary)
  const candidates = content.model.byte_fallback
    ? sentencePieceCandidates(content, tokens)
    : byteLevelCandidates(content, tokens)
  const entries = candidates.find(candidate => makesSameTokens(candidate, format))
  if (entries === undefined) throw unknownTokenizer()
  return new Map<string, GgufEntry>([
    ...entries,
    ...specialEntries(format),
    ['tokenizer.chat_template', { type: 'string', value: files.template }],
  ])
}

function unknownTokenizer(): UserError {
  return new UserError(
    'The tokenizer of this model splits texts in a way that llama.cpp has no name for.',
    'Export it as `merged`, and convert that with llama.cpp itself.',
  )
}

interface NumberedTokens {
  readonly tokens: readonly string[]
  readonly kinds: readonly number[]
}

/** Every row of the embedding has a token; those that fill it up are called as llama.cpp's converter calls them. */
function tokensOf({ model, added_tokens: added }: Tokenizer, vocabulary: number): NumberedTokens {
  const tokens = Array.from({ length: vocabulary }, (_, id) => `[PAD${id}]`)
  const kinds = Array.from({ length: vocabulary }, (): number => TOKEN_KINDS.unused)
  for (const [token, id] of Object.entries(model.vocab)) {
    tokens[id] = token
    const isByte = model.byte_fallback && /^<0x[0-9A-F]{2}>$/u.test(token)
    kinds[id] = isByte ? TOKEN_KINDS.byte : TOKEN_KINDS.normal
  }
  for (const { id, content, special } of added) {
    tokens[id] = content
    kinds[id] = special ? TOKEN_KINDS.control : TOKEN_KINDS.userDefined
  }
  const unknown = model.unk_token == null ? undefined : model.vocab[model.unk_token]
  if (unknown !== undefined) kinds[unknown] = TOKEN_KINDS.unknown
  return { tokens, kinds }
}

function tokenEntries({ tokens, kinds }: NumberedTokens): readonly (readonly [string, GgufEntry])[] {
  return [
    ['tokenizer.ggml.tokens', { type: 'strings', value: tokens }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: kinds }],
  ]
}

function pairsOf({ merges }: Tokenizer['model']): readonly (readonly [string, string])[] {
  return merges.map(merge => {
    if (typeof merge !== 'string') return merge
    const blank = merge.indexOf(' ', 1)
    return [merge.slice(0, blank), merge.slice(blank + 1)]
  })
}

/** One for each of llama.cpp's names of a way to split texts into words. */
function byteLevelCandidates({ model }: Tokenizer, tokens: NumberedTokens): readonly GgufEntries[] {
  const merges = pairsOf(model).map(pair => pair.join(' '))
  return [...preTokenizers]
    .filter(([, { ignoreMerges }]) => ignoreMerges === model.ignore_merges)
    .map(
      ([name]) =>
        new Map<string, GgufEntry>([
          ['tokenizer.ggml.model', { type: 'string', value: 'gpt2' }],
          ['tokenizer.ggml.pre', { type: 'string', value: name }],
          ...tokenEntries(tokens),
          ['tokenizer.ggml.merges', { type: 'strings', value: merges }],
        ]),
    )
}

/**
 * SentencePiece joins the two neighbours whose joint piece has the highest score. The list of merges is in the order of
 * those scores, so that the place of a piece's first merge is as good a score; what no merge makes is never joined.
 */
function sentencePieceCandidates({ model }: Tokenizer, tokens: NumberedTokens): readonly GgufEntries[] {
  const places = new Map<string, number>()
  for (const [place, pair] of pairsOf(model).entries()) {
    const piece = pair.join('')
    if (!places.has(piece)) places.set(piece, place)
  }
  const scores = tokens.tokens.map((token, id) =>
    tokens.kinds[id] === TOKEN_KINDS.normal ? -(places.get(token) ?? places.size) : 0,
  )
  return [true, false].map(
    isPrefixed =>
      new Map<string, GgufEntry>([
        ['tokenizer.ggml.model', { type: 'string', value: 'llama' }],
        ['tokenizer.ggml.pre', { type: 'string', value: 'default' }],
        ...tokenEntries(tokens),
        ['tokenizer.ggml.scores', { type: 'float32s', value: scores }],
        ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: isPrefixed }],
      ]),
  )
}

function specialEntries({ tokenizer, endIds, padId }: ChatFormat): readonly (readonly [string, GgufEntry])[] {
  const idOf = (token: string | null): number | undefined =>
    token === null ? undefined : tokenizer.idOf(token)
  const end = idOf(tokenizer.special.end) ?? endIds[0]
  const ids = {
    bos: idOf(tokenizer.special.begin),
    eos: end,
    eot: endIds.find(id => id !== end),
    padding: idOf(tokenizer.special.pad) ?? padId,
  }
  return [
    ...Object.entries(ids).flatMap(([name, id]): (readonly [string, GgufEntry])[] =>
      id === undefined ? [] : [[`tokenizer.ggml.${name}_token_id`, { type: 'uint32', value: id }]],
    ),
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: false }],
    ['tokenizer.ggml.add_eos_token', { type: 'bool', value: false }],
  ]
}

/** Texts in which the ways to split differ: blanks, breaks, digits, contractions, capitals, scripts, signs, code. */
const probes = [
  "Hello  world,   it's 3 o'clock; I'LL say \"don't\".\n\n\n \tThe bill: 12345.67 €  (½ of 1,000,000)\r\n  end ",
  '\n \n\n \n\n\n \t \t\t \n  \n   \n    \n🚀 (normal) 😶‍🌫️ ✅ 🦙 3 33 333 3333 33333 333333 3333333 3.3 3..3 3...3',
  'camelCaseWords SHOUTINGWords iPhone15Pro snake_case kebab-case x=1+2*y; // ok?? !!! ......',
  'Größe Ångström naïve façade Привет мир 你好世界 こんにちは 안녕하세요 مرحبا בדיקה नमस्ते Việt ไทย ១២៣',
  "   we'd 've 'RE 'Ll 'tis `code` ''quotes'' _under_ #hash @at $5 50% a/b\\c <tag> {x: [1, 2]} |pipe| ~",
]

function makesSameTokens(entries: GgufEntries, { tokenizer, template }: ChatFormat): boolean {
  const content = ggufTokenizer({ path: 'the exported model', metadata: plainMetadata(entries) })
  const other = createTokenizer(content, {}, 'the exported model')
  const texts = [...probes, template.source, ...probes.map(probe => probe.toUpperCase())]
  return texts.every(text => {
    const [own, theirs] = [tokenizer.encode(text), other.encode(text)]
    return own.length === theirs.length && own.every((id, place) => id === theirs[place])
  })
}
