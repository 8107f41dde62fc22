/** What a student answered to one held-out example. */
export interface Answer {
  readonly id: string
  readonly group: string
  readonly gold: string
  /** Null where the answer could not be read: it counts as wrong. */
  readonly predicted: string | null
  /** Probability of the given answer and of the gold one, where the student tells them. */
  readonly certainty?: { readonly given: number; readonly gold: number }
}

/** The answers of one arm, trained once. */
export interface Outcome {
  readonly task: string
  readonly arm: string
  /** The seed of generation and training; in cross-validation `repeat * folds + fold`. */
  readonly replicate: number
  readonly answers: readonly Answer[]
}
