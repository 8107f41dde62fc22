import { type Row, type Value, valueAt } from '../data/row.ts'
import type { Column } from '../data/schema.ts'

/** How well shares agree, in [0, 1], and how well those of two samples of these sizes from one source do on average. */
export interface Agreement {
  readonly accuracy: number
  readonly ceiling: number
}

export interface MarginalAgreement extends Agreement {
  readonly univariate: Agreement
  readonly bivariate: Agreement
  readonly columns: readonly (Agreement & { readonly name: string })[]
  readonly pairs: readonly (Agreement & { readonly names: readonly [string, string] })[]
}

const BINS = 10

/**
 * Agreement of all single columns and all pairs: one minus total variation distance over ten bins (numbers and dates:
 * about equal counts of the real rows; categories: the ten most frequent) and one for missing values. The whole is the
 * mean of both means. Ids and free text are left out. As mostlyai-qa defines accuracy, with its analytic ceiling:
 * E|p₁ − p₂| = √(2v/π), v = p(1 − p)(1/n₁ + 1/n₂). Throws RangeError where a side has no rows.
 */
export function marginalAgreement(
  real: readonly Row[],
  synthetic: readonly Row[],
  columns: readonly Column[],
): MarginalAgreement {
  if (real.length === 0 || synthetic.length === 0)
    throw new RangeError('marginalAgreement: a side has no rows')
  const binned = columns
    .filter(({ kind }) => kind !== 'id' && kind !== 'text')
    .map(column => binBoth(column, real, synthetic))
  const singles = binned.map(({ name, real, synthetic }) => ({
    name,
    ...compare({ codes: real, width: WIDTH }, { codes: synthetic, width: WIDTH }),
  }))
  const pairs = binned.flatMap((first, place) =>
    binned.slice(place + 1).map(second => ({
      names: [first.name, second.name] as const,
      ...compare(cross(first.real, second.real), cross(first.synthetic, second.synthetic)),
    })),
  )
  const univariate = meanOf(singles)
  const bivariate = pairs.length === 0 ? univariate : meanOf(pairs)
  return { ...meanOf([univariate, bivariate]), univariate, bivariate, columns: singles, pairs }
}

interface Binned {
  readonly name: string
  readonly real: Uint16Array
  readonly synthetic: Uint16Array
}

/** Bins 0 to 9, then one for other categories and one for missing values. */
const OTHER = BINS
const MISSING = BINS + 1
const WIDTH = BINS + 2

function binBoth(column: Column, real: readonly Row[], synthetic: readonly Row[]): Binned {
  const values = real.map(row => valueAt(row, column.name))
  const binOf =
    column.kind === 'category' || column.kind === 'boolean'
      ? categoryBins(values)
      : numberBins(values.map(numberOf))
  return {
    name: column.name,
    real: Uint16Array.from(values, binOf),
    synthetic: Uint16Array.from(synthetic, row => binOf(valueAt(row, column.name))),
  }
}

function categoryBins(values: readonly Value[]): (value: Value) => number {
  const counts = new Map<string, number>()
  for (const value of values)
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, BINS)
  const bins = new Map(frequent.map(([value], bin) => [value, bin]))
  return value => (value === null ? MISSING : (bins.get(String(value)) ?? OTHER))
}

function numberBins(numbers: readonly number[]): (value: Value) => number {
  const sorted = Float64Array.from(numbers.filter(number => !Number.isNaN(number))).sort()
  const starts = binStarts(sorted)
  return value => {
    const number = numberOf(value)
    if (Number.isNaN(number)) return MISSING
    let bin = starts.length - 1
    while (bin > 0 && number < starts[bin]!) bin--
    return Math.max(bin, 0)
  }
}

/** Where bins start: at the values where there are few, else at the first evenly spaced ranks that give ten bins. */
function binStarts(sorted: Float64Array): readonly number[] {
  const distinct = [...new Set(sorted)]
  if (distinct.length <= BINS) return distinct
  let breaks: number[] = []
  for (let points = BINS + 1; points <= Math.min(1000, sorted.length) && breaks.length <= BINS; points++) {
    const ranks = Array.from({ length: points }, (_, at) =>
      Math.floor((at * (sorted.length - 1)) / (points - 1)),
    )
    breaks = [...new Set(ranks.map(rank => sorted[rank]!))]
  }
  return breaks.slice(0, Math.min(BINS, breaks.length - 1))
}

/** The number of a number, date or boolean; NaN for a missing one. Dates are milliseconds. */
export function numberOf(value: Value): number {
  if (value === null) return NaN
  if (typeof value !== 'string') return Number(value)
  const number = Number(value)
  return Number.isNaN(number) ? Date.parse(value) : number
}

interface Codes {
  readonly codes: Uint16Array
  readonly width: number
}

function cross(first: Uint16Array, second: Uint16Array): Codes {
  return { codes: first.map((code, row) => code * WIDTH + second[row]!), width: WIDTH * WIDTH }
}

function compare(real: Codes, synthetic: Codes): Agreement {
  const shares = sharesOf(real)
  const others = sharesOf(synthetic)
  const sampling = 1 / real.codes.length + 1 / synthetic.codes.length
  let distance = 0
  let expected = 0
  for (const [code, share] of shares.entries()) {
    distance += Math.abs(share - others[code]!)
    expected += Math.sqrt((2 * share * (1 - share) * sampling) / Math.PI)
  }
  return { accuracy: 1 - distance / 2, ceiling: 1 - expected / 2 }
}

function sharesOf({ codes, width }: Codes): Float64Array {
  const shares = new Float64Array(width)
  for (const code of codes) shares[code]! += 1 / codes.length
  return shares
}

function meanOf(agreements: readonly Agreement[]): Agreement {
  const mean = (of: (agreement: Agreement) => number): number =>
    agreements.reduce((sum, agreement) => sum + of(agreement), 0) / agreements.length
  return { accuracy: mean(({ accuracy }) => accuracy), ceiling: mean(({ ceiling }) => ceiling) }
}
