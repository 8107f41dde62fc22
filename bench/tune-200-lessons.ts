// What bench/tune-200.ts teaches: ten intents of BANKING77, and slots of snips as a JSON object.
import { createRandom, type Random } from '../src/data/random.ts'
import type { TracedRow, Value } from '../src/data/row.ts'
import { seedsOptions, type SeedsOptions } from '../src/generate/rules/seeds/options.ts'
import { readSpans } from '../src/generate/rules/seeds/spans.ts'
import { words } from '../src/stats/ngrams.ts'
import { resolveTask, type ResolvedTask } from '../src/task/render.ts'
import { taskSchema } from '../src/task/task.ts'
import { categoriesOf, readQueries } from './banking77-data.ts'
import { readSnips, snipsIntents } from './snips-data.ts'
import { snipsAlike, snipsLists, snipsSynonyms } from './snips-lists.ts'

export interface Lesson {
  readonly title: string
  readonly task: ResolvedTask
  /** The same task told at more length, for a second zero-shot. */
  readonly told: ResolvedTask
  /** The column whose values every set of rows holds in equal parts. */
  readonly stratum: string
  /** Rows to learn from; no held-out row repeats any of them, nor of the dev rows. */
  readonly pool: readonly TracedRow[]
  /** Rows of the training file on which settings are chosen. */
  readonly dev: readonly TracedRow[]
  readonly held: readonly TracedRow[]
  readonly seeds: SeedsOptions
}

/** The first ten intents in alphabetical order. */
export function banking77Lesson(): Lesson {
  const [train, test] = [readQueries('train'), readQueries('test')]
  const labels = categoriesOf(train).slice(0, 10)
  const rowsOf = (queries: typeof train): readonly TracedRow[] =>
    queries
      .filter(({ category }) => labels.includes(category))
      .map(({ id, number, use, text, category }) => ({
        id,
        group: id,
        row: { text, category },
        origin: { kind: 'real', source: 'banking77', number, use, share: 'anyone' },
      }))
  const told = `Classify the question of a bank's customer. Answer with one of these intents: ${labels.join(', ')}.`
  return lessonOf({
    title: 'BANKING77, ten intents',
    definition: { kind: 'label', prompts: ['{{ text }}'], answer: 'category', labels, metric: 'accuracy' },
    system: 'Which intent has the question?',
    told,
    stratum: 'category',
    train: rowsOf(train),
    test: rowsOf(test),
    seeds: { text: 'text', labels: ['category'] },
  })
}

/** Most fields of an answer. */
const MOST_FIELDS = 10

/** The intents with the fewest kinds of slots, as long as they have no more than ten together. */
export function snipsLesson(): Lesson {
  const kinds = snipsIntents
    .map(intent => ({ intent, slots: slotsIn(readSnips('train', intent)) }))
    .sort((a, b) => a.slots.length - b.slots.length)
  const taken: typeof kinds = []
  const fieldsWith = (more: typeof kinds): string[] => [
    ...new Set([...taken, ...more].flatMap(({ slots }) => slots)),
  ]
  for (const kind of kinds) if (fieldsWith([kind]).length <= MOST_FIELDS) taken.push(kind)
  const fields = fieldsWith([])
  const rowsOf = (part: 'train' | 'validate') =>
    taken.flatMap(({ intent }) => readSnips(part, intent)).map(row => withFields(row, fields))
  return lessonOf({
    title: `snips, slots of ${taken.map(({ intent }) => intent).join(' and ')}`,
    definition: { kind: 'fields', prompts: ['{{ text }}'], fields },
    system: 'Give the slots of the request as JSON, null where there is none.',
    told:
      `Extract these facts from the user's request: ${fields.join(', ')}. Copy each value from the request word by ` +
      'word. Answer with one JSON object; give null for what the request does not say.',
    stratum: 'intent',
    train: rowsOf('train'),
    test: rowsOf('validate'),
    seeds: {
      text: 'text',
      labels: ['intent'],
      slots: { columns: fields },
      values: Object.fromEntries(Object.entries(snipsLists.values).filter(([slot]) => fields.includes(slot))),
      lists: snipsLists.lists,
      alike: snipsAlike,
      synonyms: snipsSynonyms,
    },
  })
}

function lessonOf(given: {
  readonly title: string
  readonly definition: object
  readonly system: string
  readonly told: string
  readonly stratum: string
  readonly train: readonly TracedRow[]
  readonly test: readonly TracedRow[]
  readonly seeds: object
}): Lesson {
  const { title, definition, system, told, stratum, train, test, seeds } = given
  const random = createRandom(0, 'tune-200')
  const resolve = (asked: string): ResolvedTask =>
    resolveTask('task', taskSchema.parse({ ...definition, system: asked }), { rows: train, random })
  const dev = drawEvenly(train, { stratum, count: 100, random: random.stream('dev') })
  const known = new Set(train.map(textKey))
  return {
    title,
    task: resolve(system),
    told: resolve(told),
    stratum,
    pool: train.filter(row => !dev.includes(row)),
    dev,
    held: test.filter(row => !known.has(textKey(row))),
    seeds: seedsOptions.parse(seeds),
  }
}

/** About `count` rows, as many of each value of the stratum, in an order that follows from `random`. */
export function drawEvenly(
  rows: readonly TracedRow[],
  { stratum, count, random }: { readonly stratum: string; readonly count: number; readonly random: Random },
): readonly TracedRow[] {
  const strata = [...Map.groupBy(rows, ({ row }) => row[stratum]!).values()]
  return strata.flatMap(own => random.shuffle(own).slice(0, Math.round(count / strata.length)))
}

function textKey({ row }: TracedRow): string {
  return words(String(row['text'])).join(' ')
}

function slotsIn(rows: readonly TracedRow[]): readonly string[] {
  return [...new Set(rows.flatMap(row => marksOf(row).map(({ slot }) => slot)))]
}

function marksOf({ row }: TracedRow): ReturnType<typeof readSpans> {
  return readSpans(String(row['spans']), String(row['text']))
}

/** The row with a column for each slot: the first value that the request has of it. */
function withFields(traced: TracedRow, fields: readonly string[]): TracedRow {
  const marks = marksOf(traced)
  const values = fields.map((field): [string, Value] => [
    field,
    marks.find(({ slot }) => slot === field)?.value ?? null,
  ])
  const { intent, text } = traced.row
  return { ...traced, row: { intent: intent!, text: text!, ...Object.fromEntries(values) } }
}
