import { createRandom, type Random } from './data/random.ts'

/** What a stage is given besides its data. Effects are passed in, so that tests run the real thing and record it. */
export interface Context {
  readonly random: Random
  readonly signal: AbortSignal
  /** A line worth reading once. */
  log(message: string): void
  /** `done` of `total` units of the current work; called often, shown seldom. */
  progress(done: number, total: number, training?: TrainingPulse): void
}

/** How a training goes. */
export interface TrainingPulse {
  /** Of the last update, in nats a learned token. */
  readonly loss: number
  /** Tokens that went through the model since the training began. */
  readonly tokens: number
}

/** A context whose random stream follows from `seed` and `name` alone; silent and never aborted unless told otherwise. */
export function createContext(options: {
  seed: number
  name: string
  signal?: AbortSignal
  log?: (message: string) => void
  progress?: (done: number, total: number, training?: TrainingPulse) => void
}): Context {
  return {
    random: createRandom(options.seed, options.name),
    signal: options.signal ?? new AbortController().signal,
    log: options.log ?? (() => {}),
    progress: options.progress ?? (() => {}),
  }
}
