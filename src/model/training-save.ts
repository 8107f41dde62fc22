import type { EpochResult } from './train-decoder.ts'
import type { Weights } from './decoder-weights.ts'

/** A training in the middle: all that it takes to go on as if it had never stopped. */
export interface TrainingSave {
  /** Updates taken. What comes next, dropout included, follows from their number and the seed. */
  readonly taken: number
  /** Of each update, in nats a learned token. */
  readonly losses: readonly number[]
  readonly epochs: readonly EpochResult[]
  /** What is learned, and the optimizer's moments, by name. */
  readonly state: Weights
  /** The weights with the least dev loss so far; null where there are no dev examples. */
  readonly best: { readonly devLoss: number; readonly learned: Weights } | null
}

/** Where one training is kept while it runs, beyond the end of the process. */
export interface SavePlace {
  /** What people are told of it. */
  readonly name: string
  /** Null where nothing was kept, or nothing whole. */
  read(): Promise<TrainingSave | null>
  /** Replaces what was kept, whole or not at all. */
  write(save: TrainingSave): Promise<void>
}

/** Updates between two saves: at least 25, and at most 20 saves a training. */
export function updatesBetweenSaves(total: number): number {
  return Math.max(25, Math.ceil(total / 20))
}
