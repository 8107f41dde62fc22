import type { Random } from '../../../data/random.ts'
import type { Row, TracedRow, Value } from '../../../data/row.ts'
import { UserError } from '../../../error.ts'
import { checkGrammar } from '../check.ts'
import { drawAlternative } from '../draw.ts'
import {
  type Alternative,
  conditionReads,
  type Grammar,
  holds,
  type GrammarOptions,
  compileGrammar,
  slotsIn,
} from '../grammar.ts'
import { type Observations, observe, ruleKey } from '../observe.ts'
import { mistakeIn, parseText, type Piece } from '../text-syntax.ts'
import { writeText } from '../text-write.ts'
import type { SeedsOptions } from './options.ts'
import type { Seed } from './seed.ts'

type ValueOptions = Pick<SeedsOptions, 'values' | 'lists' | 'labels'>

/** Values that the seeds have in a slot. */
export interface SeenValues {
  readonly values: readonly Value[]
  /** For each value. */
  readonly counts: readonly number[]
}

/** The slot `city` among the columns of the grammar, where no column of the data is called so. */
const slotColumn = (slot: string): string => `_slot ${slot}`

/** The values as a grammar: a column of text for each slot, and the columns of the data that they read. */
function grammarOf({ values, lists, labels }: ValueOptions): GrammarOptions {
  const read = new Set(labels)
  for (const wording of [...Object.values(values), ...Object.values(lists)].flat()) {
    const written = typeof wording === 'string' ? wording : wording.value
    if (mistakeIn(written) !== null) continue
    for (const { source, forms } of slotsIn(parseText(written))) {
      if (source.kind === 'column') read.add(source.name)
      for (const { count } of forms) if (count !== null) read.add(count)
    }
  }
  return {
    columns: Object.fromEntries([
      ...[...read].map(column => [column, { from: column, smoothing: 1 }] as const),
      ...Object.entries(values).map(([slot, text]) => [slotColumn(slot), { text, smoothing: 1 }] as const),
    ]),
    lists,
  }
}

/** What is wrong with values and lists: names that nothing bears, circles. */
export function checkValues(options: ValueOptions): readonly {
  readonly path: readonly (string | number)[]
  readonly message: string
}[] {
  const stray = Object.entries(options.values).flatMap(([slot, wordings]) =>
    wordings.flatMap(wording => {
      if (typeof wording === 'string' || wording.when === undefined) return []
      return conditionColumns(wording.when)
        .filter(column => !options.labels.includes(column))
        .map(column => ({
          path: ['values', slot],
          message: `conditions over \`labels\`, and "${column}" is none of them`,
        }))
    }),
  )
  if (stray.length > 0) return stray
  return checkGrammar(grammarOf(options)).map(({ path, message }) => {
    const [part, name, ...rest] = path
    if (part !== 'columns') return { path, message }
    const slot = String(name).startsWith('_slot ') ? String(name).slice(6) : null
    return { path: slot === null ? ['values'] : ['values', slot, ...rest], message }
  })
}

/** Columns that a condition reads; none where it cannot be read, which the check of the grammar says. */
export function conditionColumns(when: Parameters<typeof conditionReads>[0]): readonly string[] {
  try {
    return conditionReads(when)
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}

/** The columns of the training rows that values are drawn from, as often as there. */
export function observeColumns(options: ValueOptions, rows: readonly TracedRow[]): Observations {
  return observe(compileGrammar(grammarOf(options)), rows)
}

/** Counts the values of each slot, for all labels together (`slot`) and for each combination of them. */
export function countValues(seeds: readonly Seed[]): Readonly<Record<string, SeenValues>> {
  const seen: Record<string, { values: Value[]; counts: number[] }> = {}
  for (const { labels, marks } of seeds) {
    const told = new Set<string>()
    for (const { slot, key, value } of marks) {
      if (told.has(key)) continue
      told.add(key)
      for (const name of [slot, seenKey(slot, labels)]) {
        const entry = (seen[name] ??= { values: [], counts: [] })
        const index = entry.values.indexOf(value)
        if (index < 0) {
          entry.values.push(value)
          entry.counts.push(1)
        } else entry.counts[index]!++
      }
    }
  }
  return seen
}

function seenKey(slot: string, labels: Readonly<Record<string, Value>>): string {
  return `${slot} ${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`
}

/** Draws the values of slots. */
export interface ValueSource {
  /** Whether there are values for a slot. */
  has(slot: string, labels: Row): boolean
  draw(slot: string, labels: Row, random: Random): Value
}

/**
 * A value comes from the seeds or from what the options list, the latter with the chance that the next real value is a new
 * one: (n1 + 1) / (n + 2) for n values of which n1 were seen once (Good 1953, with one of either kind added because seeds
 * are few). So a slot that repeats itself keeps its words, and one that never does takes new ones.
 */
export function createValueSource(
  options: ValueOptions & Pick<SeedsOptions, 'shared'>,
  seen: Readonly<Record<string, SeenValues>>,
  observations: Observations,
): ValueSource {
  const grammar = compileGrammar(grammarOf(options))
  return {
    has: (slot, labels) =>
      wordingsOf(grammar, slot).some(({ when }) => holds(when, labels)) ||
      seen[seenKey(slot, labels)] !== undefined ||
      (options.shared.includes(slot) && seen[slot] !== undefined),
    draw(slot, labels, random) {
      const own = seen[options.shared.includes(slot) ? slot : seenKey(slot, labels)] ?? seen[slot]
      const total = own?.counts.reduce((sum, count) => sum + count, 0) ?? 0
      const once = own?.counts.filter(count => count === 1).length ?? 0
      const isNew = random.next() < (once + 1) / (total + 2)
      if (isNew || own === undefined) {
        const listed = drawListed({ grammar, observations, slot, labels, random })
        if (listed !== null) return likeSeen(listed, own)
      }
      if (own === undefined) {
        throw new UserError(
          `No value can be written in the slot "${slot}": what its \`values\` read is missing.`,
          'Give it a value that reads no column.',
        )
      }
      return own.values[random.weighted(own.counts)]!
    },
  }
}

function drawListed(given: {
  grammar: Grammar
  observations: Observations
  slot: string
  labels: Row
  random: Random
}): string | null {
  const { grammar, observations, labels, random } = given
  const row: Record<string, Value> = {}
  for (const column of grammar.rules.keys()) {
    const observed = observations[ruleKey(column, 0)]
    if (observed === undefined) continue
    row[column] = labels[column] ?? observed.values[random.weighted(observed.counts)]!
  }
  const wording = drawAlternative(wordingsOf(grammar, given.slot), row, random)
  if (wording === null) return null
  const drawEntry = (list: string) => drawAlternative(grammar.lists.get(list)!, row, random)?.content ?? null
  return writeText(wording.content, { row, random, drawEntry })
}

function wordingsOf(grammar: Grammar, slot: string): readonly Alternative<readonly Piece[]>[] {
  const maker = grammar.rules.get(slotColumn(slot))?.[0]?.maker
  return maker?.kind === 'text' ? maker.alternatives : []
}

/** A listed value as a number where the seeds' values are numbers. */
function likeSeen(listed: string, own: SeenValues | undefined): Value {
  const isNumeric = own !== undefined && own.values.every(value => typeof value === 'number')
  return isNumeric && listed.trim() !== '' && Number.isFinite(Number(listed)) ? Number(listed) : listed
}
