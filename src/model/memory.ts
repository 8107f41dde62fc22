import { UserError } from '../error.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { weightShapes } from './decoder-weights.ts'
import { adapterShapes, type LoraOptions } from './lora.ts'

/** Weights of larger models are too many to be all trained here. */
export const MOST_WEIGHTS = 60_000_000

/** Numbers in a decoder's weights. */
export function countWeights(config: DecoderConfig): number {
  return [...weightShapes(config).values()].reduce((sum, shape) => sum + sizeOf(shape), 0)
}

/** Numbers in an adapter. */
export function countAdapter(config: DecoderConfig, options: LoraOptions): number {
  return [...adapterShapes(config, options).values()].reduce((sum, shape) => sum + sizeOf(shape), 0)
}

/**
 * Bytes that training a decoder takes at least, for its weights alone, as 32-bit floats. With an adapter: as read, as
 * the session has them, and merged when it is asked. Else: as read, and in two buffers each the weights and their two moments, and
 * the gradients.
 */
export function bytesNeeded(config: DecoderConfig, hasAdapter: boolean): number {
  return countWeights(config) * 4 * (hasAdapter ? 3 : 8)
}

/** Throws a UserError that says how much is needed where a machine has less. Both in bytes. */
export function assertMemory(needed: number, available: number, folder: string): void {
  if (needed <= available) return
  throw new UserError(
    `The base model in ${folder} needs at least ${gigabytes(needed)} of memory to be trained, and ${gigabytes(available)} are there.`,
    'Take a smaller base model, or a machine with more memory.',
  )
}

function gigabytes(bytes: number): string {
  const amount = bytes / 1e9
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount).toLocaleString('en-US')} GB`
}
