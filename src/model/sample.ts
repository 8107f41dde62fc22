import type { Random } from '../data/random.ts'
import type { TokenChoice } from './choose-token.ts'
import type { Constraint } from './constraint.ts'
import { openContinuousBatch } from './continuous-batch.ts'
import type { DecoderOptions } from './decoder-memory.ts'

export interface GenerateOptions {
  /** Most tokens of an answer, the one that ends it not counted. */
  readonly maxTokens: number
  readonly choice: TokenChoice
  /** Tokens that end an answer. */
  readonly endIds: readonly number[]
  readonly constraint?: Constraint
  /** Draws for each prompt come from a stream of its own, so that they do not depend on the others. */
  readonly random: Random
  /** Called after each answer with how many prompts are answered. */
  readonly onAnswered?: (count: number) => void
}

/** An answer's tokens, without the one that ended it. */
export interface GeneratedAnswer {
  readonly ids: readonly number[]
  /** Whether it came to its end, or had to be cut. */
  readonly isEnded: boolean
}

/** A decoder that writes answers. */
export interface Sampler {
  /** The answers to prompts, in their order. Throws a RangeError for a prompt that leaves no place for an answer. */
  generate(
    prompts: readonly (readonly number[])[],
    options: GenerateOptions,
  ): Promise<readonly GeneratedAnswer[]>
  close(): Promise<void>
}

/** Opens a decoder in a thread of its own, through which `rows` prompts go at once. */
export async function openSampler(
  options: DecoderOptions & { readonly signal?: AbortSignal },
): Promise<Sampler> {
  const batch = await openContinuousBatch(options)
  return {
    async generate(prompts, { random, onAnswered, ...generation }) {
      let done = 0
      return Promise.all(
        prompts.map(async (prompt, index): Promise<GeneratedAnswer> => {
          const own = { ...generation, prompt, random: random.stream(String(index)) }
          const { ids, ended } = await batch.answer(own)
          onAnswered?.(++done)
          return { ids, isEnded: ended === 'end' }
        }),
      )
    },
    close: () => batch.close(),
  }
}
