import type { Message } from '../data/example.ts'
import type { Random } from '../data/random.ts'
import { trainBpe } from './bpe-train.ts'
import { PLAIN_TEMPLATE } from './chat-template.ts'
import type { ChatFiles, Checkpoint } from './checkpoint.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { randomWeights } from './decoder-weights.ts'

const SPECIAL = ['<|pad|>', '<|end|>', '<|system|>', '<|user|>', '<|assistant|>']

/** Most tokens of a conversation that a decoder from scratch is made for. */
const LONGEST = 2048

/** Numbers of a token's state, a multiple of 32, and layers. */
export interface ScratchSize {
  readonly width: number
  readonly layers: number
}

/**
 * A small decoder that knows nothing yet, for these conversations: a byte-level BPE tokenizer trained on their texts,
 * and random weights in a size that, where it is not given, grows with the number of characters. That is our rule: about
 * as many weights in the layers as there are characters, within bounds that keep training to minutes.
 */
export function scratchCheckpoint(
  conversations: readonly (readonly Message[])[],
  random: Random,
  size?: ScratchSize,
): Checkpoint {
  const texts = conversations.flatMap(messages => messages.map(({ content }) => content))
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const tokenizer = trainBpe(texts, { vocabulary: vocabularyFor(characters), specialTokens: SPECIAL })
  const vocabulary = Object.keys((tokenizer['model'] as { vocab: object }).vocab).length
  const chat: ChatFiles = {
    tokenizer,
    tokenizerConfig: { eos_token: '<|end|>', pad_token: '<|pad|>' },
    template: PLAIN_TEMPLATE,
    endIds: [SPECIAL.indexOf('<|end|>')],
  }
  const config = scratchConfig(size ?? sizeFor(characters), vocabulary)
  return { config, chat, weights: randomWeights(config, random.stream('weights')) }
}

/** One token for each 50 characters besides bytes and special tokens, at most 4,096 in all. */
function vocabularyFor(characters: number): number {
  return Math.min(4096, 256 + SPECIAL.length + Math.round(characters / 50))
}

function sizeFor(characters: number): ScratchSize {
  if (characters < 50_000) return { width: 64, layers: 2 }
  return characters < 300_000 ? { width: 128, layers: 3 } : { width: 256, layers: 4 }
}

function scratchConfig({ width, layers }: ScratchSize, vocabulary: number): DecoderConfig {
  const heads = width / 32
  return {
    architecture: 'llama',
    vocabulary,
    width,
    layers,
    heads,
    keyValueHeads: heads,
    headWidth: 32,
    feedForward: width * 3,
    normEpsilon: 1e-5,
    rotary: { base: 10_000, scaling: { type: 'default' }, width: 32, positions: LONGEST },
    context: LONGEST,
    tied: true,
    queryKeyValueBias: false,
    outputBias: false,
    feedForwardBias: false,
    queryKeyNorm: false,
  }
}
