import { createIntegers, grown } from './integers.ts'

/** Many growing lists of unsigned 32-bit integers in one typed array: four bytes an entry and a few bytes a list. */
export interface PostingLists {
  /** The number of a new, empty list. */
  create(): number
  push(list: number, entry: number): void
  lengthOf(list: number): number
  /** The entries of a list in the order they came, in a buffer that the next call overwrites. */
  read(list: number): Uint32Array
}

/** Entries of a list's first slice; each slice after it is twice as large as the one before, up to the largest. */
const FIRST = 2
const LARGEST = 1024

/**
 * Lists cut into slices, as Lucene keeps postings while it indexes: a slice is the place of the next one and then its
 * entries.
 */
export function createPostingLists(): PostingLists {
  let slots = new Uint32Array(1024)
  let end = 0
  let buffer = new Uint32Array(64)
  const heads = createIntegers()
  const tails = createIntegers()
  const lengths = createIntegers()
  /** Entries that the last slice still takes. */
  const rooms = createIntegers()
  /** Entries that the last slice can hold. */
  const sizes = createIntegers()

  function slice(size: number): number {
    const start = end
    end += size + 1
    if (end > slots.length) slots = grown(slots, end)
    return start
  }

  return {
    create() {
      const start = slice(FIRST)
      heads.push(start)
      tails.push(start)
      rooms.push(FIRST)
      sizes.push(FIRST)
      return lengths.push(0)
    },
    push(list, entry) {
      let room = rooms.at(list)
      if (room === 0) {
        const size = Math.min(sizes.at(list) * 2, LARGEST)
        const next = slice(size)
        slots[tails.at(list)] = next
        tails.set(list, next)
        sizes.set(list, size)
        room = size
      }
      slots[tails.at(list) + 1 + sizes.at(list) - room] = entry
      rooms.set(list, room - 1)
      lengths.set(list, lengths.at(list) + 1)
    },
    lengthOf: list => lengths.at(list),
    read(list) {
      const length = lengths.at(list)
      if (length > buffer.length) buffer = new Uint32Array(length * 2)
      let [from, size, done] = [heads.at(list), FIRST, 0]
      while (done < length) {
        const taken = Math.min(size, length - done)
        for (let place = 0; place < taken; place++) buffer[done + place] = slots[from + 1 + place]!
        done += taken
        from = slots[from]!
        size = Math.min(size * 2, LARGEST)
      }
      return buffer.subarray(0, length)
    },
  }
}
