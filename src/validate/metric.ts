/** A figure about a data set, with what it is read against. */
export interface Metric {
  readonly name: string
  readonly value: number
  /** Lower and upper end; `note` says of which level. */
  readonly interval?: readonly [number, number]
  /** What a worthless data set would get. */
  readonly floor?: number
  /** What real data would get. */
  readonly ceiling?: number
  /** What the figure is judged by. */
  readonly threshold?: number
  readonly pass?: boolean
  /** In plain words: what was counted, and what the verdict rests on. */
  readonly note: string
}
