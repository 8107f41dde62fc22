/** A growing list of unsigned 32-bit integers. */
export interface Integers {
  readonly length: number
  at(place: number): number
  set(place: number, value: number): void
  /** Appends, and gives the place. */
  push(value: number): number
  /** The integers so far, without a copy; stale after the next `push`. */
  view(): Uint32Array
}

export function createIntegers(): Integers {
  let values = new Uint32Array(64)
  let length = 0
  return {
    get length() {
      return length
    },
    at: place => values[place]!,
    set(place, value) {
      values[place] = value
    },
    push(value) {
      if (length === values.length) values = grown(values, length + 1)
      values[length] = value
      return length++
    },
    view: () => values,
  }
}

/** A copy with room for `needed` entries, at least half as long again. */
export function grown(values: Uint32Array, needed: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(Math.max(needed, Math.ceil(values.length * 1.5)))
  longer.set(values)
  return longer
}
