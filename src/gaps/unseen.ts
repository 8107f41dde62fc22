import { type Row, valueAt } from '../data/row.ts'
import type { Column } from '../data/schema.ts'
import { chaoRichness } from '../stats/chao.ts'
import { unitsUntil, unseenMass } from '../stats/good-turing.ts'
import { words } from '../stats/ngrams.ts'
import { countSpecies, type SpeciesCounts } from '../stats/species.ts'

/** What of an open column was never seen: its values, or its words and beginnings where it holds sentences. */
export interface Unseen {
  readonly column: string
  /** `openings`: the first three words of a text. */
  readonly of: 'values' | 'words' | 'openings'
  readonly rows: number
  readonly seen: number
  readonly once: number
  /** Probability that the next one met was never seen, and its 95 % interval. */
  readonly mass: number
  readonly interval: { readonly low: number; readonly high: number }
  /** How many different ones there are at least, and the 95 % interval of that. */
  readonly atLeast: number
  readonly atLeastInterval: { readonly low: number; readonly high: number }
  /** Further real rows after which half of the mass is left; null where that cannot be told. */
  readonly rowsToHalve: number | null
  /** Of the mixture's synthetic rows so many should bring something new; null for words and openings. */
  readonly need: number | null
  readonly why: string
}

/** Texts of more words than this are sentences, of which words and openings are counted. */
const mostWordsOfValue = 6
const openingWords = 3

/**
 * Unseen mass (Good and Turing) and richness (Chao) of the columns whose values are open: names of things, and texts.
 * Numbers, dates, ids and the columns named in `closed` are left out, and so are columns where every value was met again.
 * The widest gap first.
 */
export function measureUnseen(input: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column[]
  /** Columns whose values the project lists: they are counted one by one instead. */
  readonly closed: readonly string[]
  readonly synthetic: number
}): readonly Unseen[] {
  const open = input.columns.filter(
    ({ name, kind }) =>
      (kind === 'category' || kind === 'text') && name !== 'messages' && !input.closed.includes(name),
  )
  return open
    .flatMap(({ name }) => {
      const texts = input.rows.flatMap(row => {
        const value = valueAt(row, name)
        return value === null || value === '' ? [] : [String(value)]
      })
      return texts.length === 0 ? [] : measureColumn(name, texts, input.synthetic)
    })
    .filter(({ once }) => once > 0)
    .toSorted((a, b) => b.mass - a.mass || (a.column < b.column ? -1 : 1))
}

function measureColumn(column: string, texts: readonly string[], synthetic: number): readonly Unseen[] {
  const split = texts.map(words)
  const length = split.reduce((sum, { length: count }) => sum + count, 0) / texts.length
  if (length <= mostWordsOfValue)
    return [describe({ column, of: 'values', synthetic }, countSpecies(texts.map(text => [text])))]
  return [
    describe({ column, of: 'words', synthetic }, countSpecies(split)),
    describe({ column, of: 'openings', synthetic }, countSpecies(texts.map(text => [openingOf(text)]))),
  ]
}

/** The first words of a text, by which wordings are told apart. */
export function openingOf(text: string): string {
  return words(text).slice(0, openingWords).join(' ')
}

const names = {
  values: ['value', 'values'],
  words: ['word', 'words'],
  openings: ['opening', 'openings'],
} as const

function describe(
  {
    column,
    of,
    synthetic,
  }: { readonly column: string; readonly of: Unseen['of']; readonly synthetic: number },
  counts: SpeciesCounts,
): Unseen {
  const { mass, interval } = unseenMass(counts)
  const richness = chaoRichness(counts)
  const further = mass > 0 && mass < 1 ? unitsUntil(counts, mass / 2) : Infinity
  const more = Math.round(richness.estimate - counts.seen)
  const met = of === 'words' ? 'words of new rows' : 'new rows'
  const others = more > 0 ? `; at least ${more} more ${names[of][more === 1 ? 0 : 1]} exist` : ''
  return {
    column,
    of,
    rows: counts.units,
    seen: counts.seen,
    once: counts.once,
    mass,
    interval: { low: interval[0], high: interval[1] },
    atLeast: Math.round(richness.estimate),
    atLeastInterval: { low: richness.interval[0], high: richness.interval[1] },
    rowsToHalve: Number.isFinite(further) ? further : null,
    need: of === 'values' ? Math.round(mass * synthetic) : null,
    why: `${counts.once} of ${counts.seen} ${names[of][1]} stand in one row alone, so ${(100 * mass).toFixed(0)} % of the ${met} will bring one never seen${others}`,
  }
}
