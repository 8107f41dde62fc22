import type { Row, TracedRow } from '../data/row.ts'
import { createIntegers } from '../stats/integers.ts'
import { createNearDuplicateIndex, type Shingles, shingles } from '../stats/minhash.ts'
import { hash53 } from '../stats/murmur.ts'
import { normaliseText } from '../stats/ngrams.ts'
import { createNumberTable } from '../stats/number-table.ts'
import { createPostingLists } from '../stats/posting-lists.ts'
import type { Candidate } from './candidate.ts'
import { canonicalValue, closeNumbers, columnRanges } from './closeness.ts'
import { type CompactRows, compactValue, type CompactValue, createCompactRows } from './compact-rows.ts'
import type { RememberingCheck } from './duplicates.ts'
import { createFreeTextTest, freeTextOf, type FreeTextTest } from './free-text.ts'
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
  const rows = createCompactRows()
  const flat = createFlatIndex(rows, columnRanges(keptRows))
  const texts = createNearDuplicateIndex(options)
  /** By the number of the row. */
  const ids: string[] = []
  /** By the number of the text. */
  const rowOfText = createIntegers()
  /** A candidate that passes is accepted next: its shingles are made once. */
  let last: { readonly row: Row; readonly shingles: Shingles | undefined } | undefined

  function shinglesOf(row: Row): Shingles | undefined {
    if (last?.row !== row) {
      const text = freeTextOf(row, isFreeText)
      last = { row, shingles: text === undefined ? undefined : shingles(text) }
    }
    return last.shingles
  }

  function add({ id, row }: TracedRow): void {
    const text = shinglesOf(row)
    const number = rows.add(row)
    ids.push(id)
    if (text === undefined) return flat.add(number, row)
    texts.add(text)
    rowOfText.push(number)
  }

  function checkText(candidate: Candidate, text: Shingles): Verdict {
    const near = texts.findNear(text)
    if (near === undefined) return passed
    const other = rowOfText.at(near.number)
    if (showsOtherValues(candidate, column => rows.at(other, column), isFreeText)) return passed
    return rejected(
      'near-duplicate',
      `${Math.round(near.similarity * 100)} % of its text is that of ${ids[other]}`,
    )
  }

  for (const traced of options.kept) add(traced)
  return {
    accept: ({ traced }) => add(traced),
    check(candidate) {
      const text = shinglesOf(candidate.traced.row)
      if (text !== undefined) return checkText(candidate, text)
      const near = flat.find(candidate.traced.row)
      return near === undefined
        ? passed
        : rejected('near-duplicate', `all numbers within 1 % of ${ids[near]}, the rest equal`)
    },
  }
}

/** Whether the candidate's prompts show a value, outside its free text columns, that the other row has not. */
function showsOtherValues(
  { traced, examples }: Candidate,
  other: (column: string) => CompactValue | undefined,
  isFreeText: FreeTextTest,
): boolean {
  const prompts = examples.flatMap(({ messages }) => messages.filter(({ role }) => role !== 'assistant'))
  const shown = spaced(prompts.map(({ content }) => content).join(' '))
  return Object.entries(traced.row).some(([column, value]) => {
    if (value === null || isFreeText(column, value)) return false
    const mine = compactValue(value)
    const rival = other(column) ?? compactValue(null)
    const same =
      mine.isNumber && rival.isNumber
        ? closeNumbers(mine.value, rival.value, undefined)
        : mine.isNumber === rival.isNumber && mine.value === rival.value
    return !same && shown.includes(spaced(String(value)))
  })
}

/** The words of a text between single spaces, to look for whole words. Points and dashes stay inside: 3.5, B-737. */
function spaced(text: string): string {
  const parts = normaliseText(text).match(/[\p{L}\p{M}\p{N}_]+(?:[.,:/-][\p{L}\p{M}\p{N}_]+)*/gu) ?? []
  return ` ${parts.join(' ')} `
}

interface FlatIndex {
  /** Adds a row that has the number `number` among the compact rows. */
  add(number: number, row: Row): void
  /** The number of the row added first that is near. */
  find(row: Row): number | undefined
}

/** Finds rows whose numbers are all close and whose other values are equal. */
function createFlatIndex(rows: CompactRows, ranges: ReadonlyMap<string, number>): FlatIndex {
  const buckets = createNumberTable()
  const members = createPostingLists()

  function isNear(row: Row, other: number): boolean {
    return Object.entries(row).every(([column, value]) => {
      if (typeof value !== 'number') return true
      const rival = rows.at(other, column)
      return rival?.isNumber === true && closeNumbers(value, rival.value, ranges.get(column))
    })
  }

  return {
    add(number, row) {
      const { rest, size } = flatKey(row)
      const key = hash53(`${size} ${rest}`)
      let bucket = buckets.get(key)
      if (bucket === undefined) buckets.set(key, (bucket = members.create()))
      members.push(bucket, number)
    },
    find(row) {
      const { rest, size } = flatKey(row)
      for (const near of [size, size - 1, size + 1]) {
        const bucket = buckets.get(hash53(`${near} ${rest}`))
        const found =
          bucket === undefined ? undefined : members.read(bucket).find(other => isNear(row, other))
        if (found !== undefined) return found
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
