import type { Attributes, Example } from '../data/example.ts'
import { wilsonInterval } from '../stats/binomial.ts'
import { fisherGreater } from '../stats/fisher.ts'
import { adjustHolm } from '../stats/holm.ts'
import { meanOf } from '../stats/moments.ts'

/** Examples that have a value, or a pair of values, in common, and how the student does on them. */
export interface WeakSlice {
  readonly cell: Attributes
  readonly count: number
  /** Mean error in [0, 1], its 95 % interval, and the error drawn towards the whole's: what a new example meets. */
  readonly error: number
  readonly interval: { readonly low: number; readonly high: number }
  readonly expected: number
  /** Worse than the other examples beyond chance, after Holm over all slices. */
  readonly clear: boolean
  /** Further real examples like these after which they should be answered as well as the whole; or as many again. */
  readonly need: number
  readonly why: string
}

/** Fewer examples than this are no slice. */
const fewest = 5
const shown = 12

/**
 * The slices that the student answers worst: every value and pair of values of the examples' attributes, by cross-validated
 * error. `errors` are the examples' own, in [0, 1], by models that saw neither them nor their group. The expected error is
 * the slice's and the whole's, weighed by how much slices differ (Kleinman 1973), so that no small slice leads by chance.
 * `exponent` is that of the learning curve, where there is one: the error is taken to fall with the slice's own examples.
 */
export function findWeakSlices(
  examples: readonly Example[],
  errors: readonly number[],
  { exponent = null }: { readonly exponent?: number | null } = {},
): readonly WeakSlice[] {
  const overall = meanOf(errors)
  const slices = [...slicesOf(examples)].filter(
    ({ members }) => members.length >= fewest && members.length < examples.length,
  )
  const strength = priorStrength(
    slices.map(({ members }) => members.map(index => errors[index]!)),
    overall,
  )
  const total = errors.reduce((sum, error) => sum + error, 0)
  const judged = slices.map(({ cell, members }) => {
    const wrong = members.reduce((sum, index) => sum + errors[index]!, 0)
    const rest = errors.length - members.length
    return {
      cell,
      count: members.length,
      error: wrong / members.length,
      expected: strength === Infinity ? overall : (wrong + strength * overall) / (members.length + strength),
      p: fisherGreater({
        part: members.length,
        marked: Math.round(wrong),
        rest,
        restMarked: Math.round(total - wrong),
      }),
    }
  })
  const adjusted = adjustHolm(judged.map(({ p }) => p))
  return judged
    .map(({ cell, count, error, expected }, index) => ({
      cell,
      count,
      error,
      expected,
      clear: adjusted[index]! < 0.05,
    }))
    .filter(({ error }) => error > overall)
    .toSorted(
      (a, b) =>
        Number(b.clear) - Number(a.clear) ||
        b.expected - a.expected ||
        b.error - a.error ||
        b.count - a.count,
    )
    .slice(0, shown)
    .map(slice => explain(slice, overall, exponent))
}

function* slicesOf(
  examples: readonly Example[],
): Generator<{ readonly cell: Attributes; readonly members: readonly number[] }> {
  const names = Object.keys(examples[0]?.attributes ?? {})
  const pairs = names.flatMap((name, place) => names.slice(place + 1).map(other => [name, other]))
  for (const set of [...names.map(name => [name]), ...pairs]) {
    const cells = Map.groupBy(examples.keys(), index =>
      JSON.stringify(set.map(name => examples[index]!.attributes[name] ?? null)),
    )
    for (const members of cells.values()) {
      const { attributes } = examples[members[0]!]!
      yield { cell: Object.fromEntries(set.map(name => [name, attributes[name] ?? null])), members }
    }
  }
}

/** How many examples the whole counts for in a slice's expected error; Infinity where slices differ no more than by chance. */
function priorStrength(slices: readonly (readonly number[])[], overall: number): number {
  const sizes = slices.map(({ length }) => length)
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const squares = sizes.reduce((sum, size) => sum + size * size, 0)
  const spread = slices.reduce((sum, errors) => sum + errors.length * (meanOf(errors) - overall) ** 2, 0)
  const chance = overall * (1 - overall)
  const between = (spread - (slices.length - 1) * chance) / (all - squares / all)
  return between > 0 ? Math.max(0, chance / between - 1) : Infinity
}

function explain(
  slice: Omit<WeakSlice, 'interval' | 'need' | 'why'>,
  overall: number,
  exponent: number | null,
): WeakSlice {
  const [low, high] = wilsonInterval(slice.error, slice.count)
  const times = exponent === null ? 2 : Math.min(10, (slice.expected / overall) ** (1 / exponent))
  const need = Math.max(1, Math.ceil(slice.count * (times - 1)))
  const wrong = `${percent(slice.error)} of its ${slice.count} examples are answered wrong, ${percent(overall)} of all`
  const chance = slice.clear ? '' : '; with so few that may be chance'
  const asked =
    exponent === null
      ? 'as many again are the least that would show'
      : 'by the learning curve so many more close the difference'
  return { ...slice, interval: { low, high }, need, why: `${wrong}${chance}; ${asked}` }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
