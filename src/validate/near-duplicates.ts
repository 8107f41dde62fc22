import type { Row, TracedRow } from '../data/row.ts'
import { createNearDuplicateIndex, type Shingles, shingles } from '../stats/minhash.ts'
import { normaliseText, words } from '../stats/ngrams.ts'
import type { Candidate } from './candidate.ts'
import { canonicalValue, closeNumbers, columnRanges } from './closeness.ts'
import type { RememberingCheck } from './duplicates.ts'
import { passed, rejected, type Verdict } from './verdict.ts'

/**
 * Whether a candidate nearly repeats a kept or accepted row. Judged is the row, so that the wording it is rendered with
 * does not count:
 * - a row with free text by the Jaccard similarity of its texts' word trigrams, from `threshold` on. Texts made from one
 *   template are alike too, so they are let pass where the rows differ in another value that the prompt shows;
 * - a row of short values when all but its numbers are equal and every number is within 1 %. Similarity of word sets would
 *   take any two records of a dozen categories for duplicates that differ in a single one.
 */
export function createNearDuplicateCheck(options: {
  threshold: number
  kept: readonly TracedRow[]
  seed: number
}): RememberingCheck {
  const keptRows = options.kept.map(({ row }) => row)
  const isFreeText = createFreeTextTest(keptRows)
  const flat = createFlatIndex(columnRanges(keptRows))
  const texts = createNearDuplicateIndex(options)
  const rows = new Map<string, Row>()

  function add({ id, row }: TracedRow): void {
    const text = freeTextShingles(row, isFreeText)
    if (text === undefined) return flat.add(id, row)
    texts.add(id, text)
    rows.set(id, row)
  }

  function checkText(candidate: Candidate, text: Shingles): Verdict {
    const near = texts.findNear(text)
    if (near === undefined || showsOtherValues(candidate, rows.get(near.key)!, isFreeText)) return passed
    return rejected(
      'near-duplicate',
      `${Math.round(near.similarity * 100)} % of its text is that of ${near.key}`,
    )
  }

  for (const traced of options.kept) add(traced)
  return {
    accept: ({ traced }) => add(traced),
    check(candidate) {
      const text = freeTextShingles(candidate.traced.row, isFreeText)
      if (text !== undefined) return checkText(candidate, text)
      const near = flat.find(candidate.traced.row)
      return near === undefined
        ? passed
        : rejected('near-duplicate', `all numbers within 1 % of ${near}, the rest equal`)
    },
  }
}

/** Words from which a value is free text: below, one word more or less changes half of the trigrams. */
const fewestWords = 8

type FreeTextTest = (column: string, value: Row[string] | undefined) => value is string

/** A column is free text where at least half of its kept values are long; an unknown column by the value at hand. */
function createFreeTextTest(kept: readonly Row[]): FreeTextTest {
  const counts = new Map<string, { texts: number; long: number }>()
  for (const row of kept) {
    for (const [column, value] of Object.entries(row)) {
      if (value === null) continue
      const count = counts.get(column) ?? { texts: 0, long: 0 }
      counts.set(column, { texts: count.texts + 1, long: count.long + (isLong(value) ? 1 : 0) })
    }
  }
  return (column, value): value is string => {
    if (typeof value !== 'string') return false
    const count = counts.get(column)
    return count === undefined ? isLong(value) : count.long * 2 >= count.texts
  }
}

function isLong(value: Row[string]): boolean {
  return typeof value === 'string' && words(value).length >= fewestWords
}

function freeTextShingles(row: Row, isFreeText: FreeTextTest): Shingles | undefined {
  const texts = Object.entries(row).filter(([column, value]) => isFreeText(column, value))
  return texts.length === 0 ? undefined : shingles(texts.map(([, value]) => value).join(' '))
}

/** Whether the candidate's prompts show a value, outside its free text columns, that the other row has not. */
function showsOtherValues({ traced, examples }: Candidate, other: Row, isFreeText: FreeTextTest): boolean {
  const prompts = examples.flatMap(({ messages }) => messages.filter(({ role }) => role !== 'assistant'))
  const shown = spaced(prompts.map(({ content }) => content).join(' '))
  return Object.entries(traced.row).some(([column, value]) => {
    const rival = other[column] ?? null
    if (value === null || isFreeText(column, value)) return false
    const same =
      typeof value === 'number' && typeof rival === 'number'
        ? closeNumbers(value, rival, undefined)
        : canonicalValue(value) === canonicalValue(rival)
    return !same && shown.includes(spaced(String(value)))
  })
}

/** The words of a text between single spaces, to look for whole words. Points and dashes stay inside: 3.5, B-737. */
function spaced(text: string): string {
  const parts = normaliseText(text).match(/[\p{L}\p{M}\p{N}_]+(?:[.,:/-][\p{L}\p{M}\p{N}_]+)*/gu) ?? []
  return ` ${parts.join(' ')} `
}

interface FlatIndex {
  add(id: string, row: Row): void
  find(row: Row): string | undefined
}

/** Finds rows whose numbers are all close and whose other values are equal. */
function createFlatIndex(ranges: ReadonlyMap<string, number>): FlatIndex {
  const buckets = new Map<string, { id: string; row: Row }[]>()
  return {
    add(id, row) {
      const { rest, size } = flatKey(row)
      const key = `${size} ${rest}`
      const bucket = buckets.get(key)
      if (bucket === undefined) buckets.set(key, [{ id, row }])
      else bucket.push({ id, row })
    },
    find(row) {
      const { rest, size } = flatKey(row)
      for (const near of [size, size - 1, size + 1]) {
        const found = buckets.get(`${near} ${rest}`)?.find(known => numbersAreClose(row, known.row, ranges))
        if (found !== undefined) return found.id
      }
      return undefined
    },
  }
}

/**
 * Where numbers are pairwise within 1 %, so is the sum of their sizes: on a logarithmic scale with steps of 1 % close rows
 * lie in the same step or in neighbouring ones. 0 has a step of its own.
 */
function flatKey(row: Row): { rest: string; size: number } {
  const columns = Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))
  let sum = 0
  for (const [, value] of columns) if (typeof value === 'number') sum += Math.abs(value)
  const rest = columns.map(([column, value]) => [
    column,
    typeof value === 'number' ? 0 : canonicalValue(value),
  ])
  return {
    rest: JSON.stringify(rest),
    size: sum === 0 ? -Infinity : Math.floor(Math.log(sum) / -Math.log(0.99)),
  }
}

function numbersAreClose(a: Row, b: Row, ranges: ReadonlyMap<string, number>): boolean {
  return Object.entries(a).every(([column, value]) => {
    const other = b[column]
    return (
      typeof value !== 'number' ||
      (typeof other === 'number' && closeNumbers(value, other, ranges.get(column)))
    )
  })
}
