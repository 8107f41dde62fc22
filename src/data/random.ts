import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { createHash } from 'node:crypto'

/** A stream of random numbers that follows from a seed and names alone. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [minimum, maximum], both included. */
  integer(minimum: number, maximum: number): number
  /** Normal with the given mean and standard deviation (Box and Muller 1958). */
  normal(mean?: number, deviation?: number): number
  /** One of the items, each equally likely. Throws on an empty list. */
  pick<T>(items: readonly T[]): T
  /** An index drawn in proportion to non-negative weights. Throws where they sum to nothing. */
  weighted(weights: ArrayLike<number>): number
  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** An independent stream named within this one; does not advance this one. */
  stream(name: string): Random
}

/** The stream of a seed and a name: the same two give the same numbers on every machine. */
export function createRandom(seed: number, name: string): Random {
  const path = `${seed}/${name}`
  const generator = xoroshiro128plus(createHash('sha256').update(path).digest().readInt32LE(0))
  const next = (): number => uniformFloat64(generator)
  const integer = (minimum: number, maximum: number): number => uniformInt(generator, minimum, maximum)
  let spare: number | undefined

  return {
    next,
    integer,
    normal(mean = 0, deviation = 1) {
      if (spare !== undefined) {
        const value = mean + deviation * spare
        spare = undefined
        return value
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      const angle = 2 * Math.PI * next()
      spare = radius * Math.sin(angle)
      return mean + deviation * radius * Math.cos(angle)
    },
    pick(items) {
      if (items.length === 0) throw new RangeError('pick: no items')
      return items[integer(0, items.length - 1)]!
    },
    weighted(weights) {
      let total = 0
      for (let index = 0; index < weights.length; index++) total += weights[index]!
      if (!(total > 0)) throw new RangeError(`weighted: weights sum to ${total}`)
      let left = next() * total
      let last = 0
      for (let index = 0; index < weights.length; index++) {
        const weight = weights[index]!
        if (weight <= 0) continue
        last = index
        left -= weight
        if (left < 0) return index
      }
      return last
    },
    shuffle(items) {
      const copy = [...items]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = integer(0, last)
        ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
      }
      return copy
    },
    stream: inner => createRandom(seed, `${name}/${inner}`),
  }
}
