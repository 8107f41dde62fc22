import type { Row, Value } from '../data/row.ts'
import { createIntegers } from '../stats/integers.ts'
import { hash53 } from '../stats/murmur.ts'
import { canonicalValue } from './closeness.ts'

/** A value as it is compared: a number as it is, all else by the 53-bit hash of its canonical form. */
export interface CompactValue {
  readonly isNumber: boolean
  readonly value: number
}

/** Remembers what rows say, at 8 bytes a value: enough to compare them with others, not to read them. */
export interface CompactRows {
  /** The number of the row, from 0. */
  add(row: Row): number
  /** Undefined where the row has no such column. */
  at(row: number, column: string): CompactValue | undefined
}

/** The columns of some rows, in order, and which of them hold numbers. */
interface Shape {
  readonly places: ReadonlyMap<string, number>
  readonly isNumber: readonly boolean[]
}

export function createCompactRows(): CompactRows {
  const shapes: Shape[] = []
  const shapeNumbers = new Map<string, number>()
  const shapeOf = createIntegers()
  const starts = createIntegers()
  let values = new Float64Array(1024)
  let end = 0

  function shapeNumber(row: Row): number {
    const columns = Object.keys(row)
    const isNumber = columns.map(column => typeof row[column] === 'number')
    const key = JSON.stringify([columns, isNumber])
    const known = shapeNumbers.get(key)
    if (known !== undefined) return known
    shapeNumbers.set(key, shapes.length)
    return shapes.push({ places: new Map(columns.map((column, place) => [column, place])), isNumber }) - 1
  }

  return {
    add(row) {
      const added = Object.values(row)
      if (end + added.length > values.length) {
        const longer = new Float64Array(Math.max(Math.ceil(values.length * 1.5), end + added.length))
        longer.set(values)
        values = longer
      }
      starts.push(end)
      for (const value of added) values[end++] = compactValue(value).value
      return shapeOf.push(shapeNumber(row))
    },
    at(row, column) {
      const { places, isNumber } = shapes[shapeOf.at(row)]!
      const place = places.get(column)
      if (place === undefined) return undefined
      return { isNumber: isNumber[place]!, value: values[starts.at(row) + place]! }
    },
  }
}

export function compactValue(value: Value): CompactValue {
  if (typeof value === 'number') return { isNumber: true, value }
  const canonical = canonicalValue(value)
  return {
    isNumber: false,
    value: hash53(typeof canonical === 'string' ? `"${canonical}` : String(canonical)),
  }
}
