import { Tokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { UserError } from '../error.ts'

/** Text to token ids and back, as a Hugging Face tokenizer.json says. */
export interface TextTokenizer {
  /** One more than the highest token id. */
  readonly size: number
  /** The special tokens that tokenizer_config.json names, as text. */
  readonly special: SpecialTokens
  /** The ids of a text. Special tokens that stand in the text are recognised; none is added. */
  encode(text: string): readonly number[]
  /** The text of ids, special tokens left out. */
  decode(ids: readonly number[]): string
  /** The id of a token by its exact content, if there is one. */
  idOf(token: string): number | undefined
  /** Whether this id is a special token, which has a meaning instead of a text. */
  isSpecial(id: number): boolean
  /** The UTF-8 bytes that a token stands for; a part of a character where it is one. None for special tokens. */
  bytesOf(id: number): Uint8Array
}

export interface SpecialTokens {
  readonly begin: string | null
  readonly end: string | null
  readonly pad: string | null
}

const token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])

const fileSchema = z.object({
  model: z.object({ type: z.string().optional() }),
  decoder: z.unknown().optional(),
  added_tokens: z
    .array(z.object({ id: z.int().min(0), content: z.string(), special: z.boolean().default(false) }))
    .default([]),
})

const configSchema = z.object({
  bos_token: token.nullish(),
  eos_token: token.nullish(),
  pad_token: token.nullish(),
})

/**
 * The tokenizer that a tokenizer.json and a tokenizer_config.json describe, both parsed. `place` names it in messages.
 * Throws a UserError where they are none, or of a kind that cannot be run.
 */
export function createTokenizer(content: unknown, config: unknown, place: string): TextTokenizer {
  const file = fileSchema.safeParse(content)
  const named = configSchema.safeParse(config ?? {})
  if (!file.success || !named.success) {
    const issue = (file.error ?? named.error)!.issues[0]!
    throw new UserError(`${place} is no tokenizer: ${issue.path.join('.')}: ${issue.message}.`)
  }
  const inner = makeTokenizer(content as object, (config ?? {}) as object, place)
  const specialIds = new Set(file.data.added_tokens.filter(added => added.special).map(({ id }) => id))
  const added = new Set(file.data.added_tokens.map(({ id }) => id))
  const byteLevel = JSON.stringify(file.data.decoder ?? null).includes('"ByteLevel"')
  const { bos_token: begin, eos_token: end, pad_token: pad } = named.data
  return {
    size: Math.max(...inner.get_vocab().values()) + 1,
    special: { begin: begin ?? null, end: end ?? null, pad: pad ?? null },
    encode: text => (text === '' ? [] : inner.encode(text, { add_special_tokens: false }).ids),
    decode(ids) {
      const words = ids.filter(id => !specialIds.has(id))
      return words.length === 0 ? '' : inner.decode(words, { clean_up_tokenization_spaces: false })
    },
    idOf: text => inner.token_to_id(text),
    isSpecial: id => specialIds.has(id),
    bytesOf(id) {
      const text = specialIds.has(id) ? undefined : inner.id_to_token(id)
      if (text === undefined) return new Uint8Array()
      return added.has(id) ? utf8(text) : byteLevel ? bytesOfLetters(text) : bytesOfPiece(text)
    },
  }
}

function makeTokenizer(content: object, config: object, place: string): Tokenizer {
  try {
    const parts = {
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
      added_tokens: [],
    }
    return new Tokenizer({ ...parts, ...content }, config)
  } catch (error) {
    throw new UserError(
      `${place} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'It needs a tokenizer.json as the library tokenizers writes it.',
      { cause: error },
    )
  }
}

/** SentencePiece: ▁ is a blank, and <0x0A> the byte 10. */
function bytesOfPiece(text: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/u.exec(text)
  return byte === null ? utf8(text.replaceAll('▁', ' ')) : Uint8Array.of(Number.parseInt(byte[1]!, 16))
}

function bytesOfLetters(text: string): Uint8Array {
  return Uint8Array.from(text, letter => byteOfLetter.get(letter) ?? 0)
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/**
 * The letter that stands for each byte in byte-level BPE (Radford et al. 2019): printable ones for themselves, the
 * others for the letters from U+0100 on, in turn.
 */
export const letterOfByte: readonly string[] = (() => {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++))
})()

const byteOfLetter: ReadonlyMap<string, number> = new Map(letterOfByte.map((letter, byte) => [letter, byte]))

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
}
