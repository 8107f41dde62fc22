/** How a byte-level BPE splits a text into words, within which it merges; as parts of a tokenizer.json. */
export interface WordSplitting {
  readonly normalizer: object | null
  readonly preTokenizer: object
  /** Whether a word that is a token as a whole is taken as it is. */
  readonly ignoreMerges: boolean
}

// The patterns are those of the models' own tokenizer.json.

const CONTRACTIONS = `(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])`
const BLANKS = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`
const SIGNS = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*`
const LETTERS = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`

const gpt2 = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }

function splitBy(pattern: string): object {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }
}

function inTurn(...parts: readonly object[]): object {
  return { type: 'Sequence', pretokenizers: parts }
}

function byPattern(pattern: string): object {
  return inTurn(splitBy(pattern), { ...gpt2, use_regex: false })
}

/** Radford et al. 2019. */
const asGpt2: WordSplitting = { normalizer: null, preTokenizer: gpt2, ignoreMerges: false }

/** The same, with each digit a word. */
const digitByDigit: WordSplitting = { ...asGpt2, preTokenizer: inTurn(splitBy(String.raw`\p{N}`), gpt2) }

const llama3: WordSplitting = {
  normalizer: null,
  preTokenizer: byPattern([CONTRACTIONS, LETTERS, String.raw`\p{N}{1,3}`, SIGNS, BLANKS].join('|')),
  ignoreMerges: true,
}

const qwen2: WordSplitting = {
  normalizer: { type: 'NFC' },
  preTokenizer: byPattern([CONTRACTIONS, LETTERS, String.raw`\p{N}`, SIGNS, BLANKS].join('|')),
  ignoreMerges: false,
}

/** Mistral's, from Nemo on: words also end where small letters are followed by capitals. */
const tekken: WordSplitting = {
  normalizer: null,
  preTokenizer: byPattern(
    [
      String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`,
      String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`,
      String.raw`\p{N}`,
      String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*`,
      BLANKS,
    ].join('|'),
  ),
  ignoreMerges: true,
}

/** By the name that a GGUF file has for it in `tokenizer.ggml.pre`. */
export const preTokenizers: ReadonlyMap<string, WordSplitting> = new Map([
  ['gpt-2', asGpt2],
  ['olmo', asGpt2],
  ['smollm', digitByDigit],
  ['starcoder', digitByDigit],
  ['refact', digitByDigit],
  ['llama-bpe', llama3],
  ['llama-v3', llama3],
  ['llama3', llama3],
  ['smaug-bpe', { ...llama3, ignoreMerges: false }],
  ['qwen2', qwen2],
  ['deepseek-r1-qwen', qwen2],
  ['tekken', tekken],
])
