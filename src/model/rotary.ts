import { z } from 'zod'

/**
 * How the frequencies of rotary positions are scaled to contexts longer than those of pretraining. `linear`: position
 * interpolation (Chen et al. 2023); `dynamic`: a base that grows with the sequence; `llama3`: low frequencies alone, as
 * in Llama 3.1; `yarn`: by parts, with a temperature (Peng et al. 2023).
 */
export const rotaryScalingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('default') }),
  z.object({ type: z.literal('linear'), factor: z.number().min(1) }),
  z.object({ type: z.literal('dynamic'), factor: z.number().min(1) }),
  z.object({
    type: z.literal('llama3'),
    factor: z.number().min(1),
    low_freq_factor: z.number().positive(),
    high_freq_factor: z.number().positive(),
    original_max_position_embeddings: z.int().min(1),
  }),
  z.object({
    type: z.literal('yarn'),
    factor: z.number().min(1),
    original_max_position_embeddings: z.int().min(1).optional(),
    attention_factor: z.number().positive().nullish(),
    mscale: z.number().nullish(),
    mscale_all_dim: z.number().nullish(),
    beta_fast: z.number().positive().default(32),
    beta_slow: z.number().positive().default(1),
    truncate: z.boolean().default(true),
  }),
])

export type RotaryScaling = z.output<typeof rotaryScalingSchema>

export interface Rotary {
  /** The base that the wavelengths are powers of, > 1. */
  readonly base: number
  readonly scaling: RotaryScaling
  /** Numbers of each head that are rotated: even. */
  readonly width: number
  /** Positions that the model was made for. */
  readonly positions: number
}

/** Cosines and sines of rotary positions (Su et al. 2021), each `positions.length` x `rotary.width / 2`, row-major. */
export interface RotaryTable {
  readonly cosines: Float32Array
  readonly sines: Float32Array
}

/** The table of these positions. `length` is that of the whole sequence, on which `dynamic` scaling alone depends. */
export function rotaryTable(rotary: Rotary, positions: ArrayLike<number>, length: number): RotaryTable {
  const { frequencies, magnitude } = rotaryFrequencies(rotary, length)
  const half = rotary.width / 2
  const cosines = new Float32Array(positions.length * half)
  const sines = new Float32Array(positions.length * half)
  for (let row = 0; row < positions.length; row++) {
    for (let index = 0; index < half; index++) {
      // Rounded as PyTorch rounds it: the angle of a far position depends on the last bit.
      const angle = Math.fround(positions[row]! * frequencies[index]!)
      cosines[row * half + index] = Math.cos(angle) * magnitude
      sines[row * half + index] = Math.sin(angle) * magnitude
    }
  }
  return { cosines, sines }
}

interface Frequencies {
  /** Radians a position, of each pair of numbers. */
  readonly frequencies: Float32Array
  /** Cosines and sines are multiplied by it. */
  readonly magnitude: number
}

function rotaryFrequencies({ base, scaling, width, positions }: Rotary, length: number): Frequencies {
  const plain = powers(base, width)
  switch (scaling.type) {
    case 'default':
      return { frequencies: plain, magnitude: 1 }
    case 'linear':
      return { frequencies: plain.map(frequency => frequency / scaling.factor), magnitude: 1 }
    case 'dynamic': {
      const stretch = (scaling.factor * Math.max(length, positions)) / positions - (scaling.factor - 1)
      return { frequencies: powers(base * stretch ** (width / (width - 2)), width), magnitude: 1 }
    }
    case 'llama3':
      return { frequencies: plain.map(frequency => llamaFrequency(frequency, scaling)), magnitude: 1 }
    case 'yarn':
      return {
        frequencies: yarnFrequencies(plain, scaling, { base, width, positions }),
        magnitude: yarnMagnitude(scaling),
      }
  }
}

/** What `llama3` scaling divides each frequency by, as llama.cpp keeps it; null for the others. */
export function rotaryDivisors({ base, scaling, width }: Rotary): Float32Array | null {
  if (scaling.type !== 'llama3') return null
  return powers(base, width).map(frequency => frequency / llamaFrequency(frequency, scaling))
}

function powers(base: number, width: number): Float32Array {
  return Float32Array.from({ length: width / 2 }, (_, index) => 1 / base ** ((2 * index) / width))
}

function llamaFrequency(frequency: number, scaling: Extract<RotaryScaling, { type: 'llama3' }>): number {
  const { factor, low_freq_factor: low, high_freq_factor: high } = scaling
  const turns = (scaling.original_max_position_embeddings * frequency) / (2 * Math.PI)
  if (turns > high) return frequency
  if (turns < low) return frequency / factor
  const smooth = (turns - low) / (high - low)
  return ((1 - smooth) * frequency) / factor + smooth * frequency
}

function yarnFrequencies(
  plain: Float32Array,
  scaling: Extract<RotaryScaling, { type: 'yarn' }>,
  { base, width, positions }: Pick<Rotary, 'base' | 'width' | 'positions'>,
): Float32Array {
  const original = scaling.original_max_position_embeddings ?? positions
  /** The pair of numbers that turns so many times within the original context. */
  const pairOf = (turns: number): number =>
    (width * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(base))
  const [fast, slow] = [pairOf(scaling.beta_fast), pairOf(scaling.beta_slow)]
  const low = Math.max(scaling.truncate ? Math.floor(fast) : fast, 0)
  const high = Math.min(scaling.truncate ? Math.ceil(slow) : slow, width - 1)
  const span = low === high ? 0.001 : high - low
  return plain.map((frequency, index) => {
    const interpolated = Math.min(1, Math.max(0, (index - low) / span))
    return (frequency / scaling.factor) * interpolated + frequency * (1 - interpolated)
  })
}

function yarnMagnitude(scaling: Extract<RotaryScaling, { type: 'yarn' }>): number {
  const { factor, attention_factor: given, mscale, mscale_all_dim: overall } = scaling
  if (given !== null && given !== undefined) return given
  const magnitude = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1)
  return mscale && overall ? magnitude(mscale) / magnitude(overall) : magnitude(1)
}
