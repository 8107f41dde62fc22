import type { Message } from '../data/example.ts'

/** How an arm is trained, whatever trains it. */
export interface Training {
  readonly seed: number
  /** Examples in the training file. */
  readonly examples: number
  readonly epochs: number
  /** Examples a device holds at once. */
  readonly batchSize: number
  /** Batches to one step of the optimizer. */
  readonly accumulation: number
  /** Steps of the optimizer in all. */
  readonly steps: number
  /** Of these, those over which the learning rate rises; after them it falls as a cosine to 0. */
  readonly warmupSteps: number
  readonly learningRate: number
  /** Low-rank adapters on every linear layer; what they add is scaled by alpha / rank. */
  readonly lora: { readonly rank: number; readonly alpha: number; readonly dropout: number }
  /** Tokens; at least as many as the longest example is estimated to have. */
  readonly sequenceLength: number
}

const batchSize = 2
const accumulation = 4
const leastSteps = 100
const epochRange = [3, 10] as const
const sequenceRange = [512, 32_768] as const

/**
 * Settings for 50 to 5,000 examples. Eight examples make a step; epochs are as many as bring 100 steps, from 3 to 10.
 * Rank 16, alpha 32 and a learning rate of 1e-4 over all linear layers are what TRL's examples of LoRA take.
 * The sequence length is the longest example's, estimated from above, in multiples of 256 from 512.
 */
export function chooseTraining(given: {
  readonly seed: number
  readonly examples: number
  /** Estimated tokens of the longest example of training and evaluation. */
  readonly longest: number
}): Training {
  const { seed, examples, longest } = given
  const perEpoch = Math.max(1, Math.ceil(examples / (batchSize * accumulation)))
  const epochs = Math.min(epochRange[1], Math.max(epochRange[0], Math.ceil(leastSteps / perEpoch)))
  const steps = perEpoch * epochs
  return {
    seed,
    examples,
    epochs,
    batchSize,
    accumulation,
    steps,
    warmupSteps: Math.ceil(steps * 0.03),
    learningRate: 1e-4,
    lora: { rank: 16, alpha: 32, dropout: 0 },
    sequenceLength: Math.min(sequenceRange[1], Math.max(sequenceRange[0], Math.ceil(longest / 256) * 256)),
  }
}

/**
 * Tokens of a conversation, estimated from above: a token for every 2.5 bytes of UTF-8, where English takes about 4, and
 * 16 for what a chat template puts around each message.
 */
export function estimateTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + Math.ceil(Buffer.byteLength(content) / 2.5) + 16, 16)
}
