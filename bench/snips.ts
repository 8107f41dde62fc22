// Uplift of the seeds generator on snips: 5 and 10 seeds an intent and lists anyone could write down (snips-lists.ts), the
// linear student, accuracy of the intent on the 700 validate requests and on those that the training file does not repeat.
// Each draw takes other seeds. The first interval treats the draws of the two arms as independent, as a run does; the
// second pairs them, since both arms have the same seeds in each draw.
//   node bench/snips.ts [draws, 10 unless told] [--tune]
// With --tune, 2,100 training requests that are no seeds are asked instead: lists and options were settled on those.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext } from '../src/context.ts'
import type { Example } from '../src/data/example.ts'
import { fingerprintTexts } from '../src/data/fingerprint.ts'
import { createRandom } from '../src/data/random.ts'
import type { TracedRow } from '../src/data/row.ts'
import type { Answer, Outcome } from '../src/evaluate/outcome.ts'
import { type Metric, scoreAnswers } from '../src/evaluate/metric.ts'
import { sharedItems, tabulate } from '../src/evaluate/table.ts'
import { measureUplift } from '../src/evaluate/uplift.ts'
import { seedsOptions, type SeedsOptions } from '../src/generate/rules/seeds/options.ts'
import { seedsGenerator } from '../src/generate/rules/seeds/seeds.ts'
import { writeSpans } from '../src/generate/rules/seeds/spans.ts'
import { fillCells } from '../src/run/fill-cells.ts'
import { crossedVariance } from '../src/stats/crossed.ts'
import { studentQuantile } from '../src/stats/distributions.ts'
import { meanOf, varianceOf } from '../src/stats/moments.ts'
import { words } from '../src/stats/ngrams.ts'
import { linearStudent } from '../src/student/linear.ts'
import type { Task } from '../src/task/task.ts'
import { createValidation } from '../src/validate/validation.ts'
import { snipsAlike, snipsLists, snipsSynonyms } from './snips-lists.ts'

const draws = Number(process.argv[2] ?? 10)
const tuning = process.argv.includes('--tune')
const folder = join(process.cwd(), '..', 'shared', 'data', 'snips')
const intents = [
  'AddToPlaylist',
  'BookRestaurant',
  'GetWeather',
  'PlayMusic',
  'RateBook',
  'SearchCreativeWork',
  'SearchScreeningEvent',
]
const task: Task = {
  name: 'intent',
  kind: 'label',
  prompts: [{ prompt: '{{ text }}' }],
  answer: 'intent',
  labels: intents,
  metric: 'accuracy',
}
const metric: Metric = { name: 'accuracy' }
/** Synthetic requests for each real one. */
const perReal = 40

interface Arm {
  readonly name: string
  readonly options: SeedsOptions | null
  readonly classWeights: 'none' | 'balanced'
}

const base = { text: 'text', labels: ['intent'], slots: { spans: 'spans' } }
const mixed = (name: string, added: object): Arm => ({
  name,
  options: seedsOptions.parse({ ...base, ...added }),
  classWeights: 'none',
})
const arms: readonly Arm[] = [
  { name: 'real', options: null, classWeights: 'none' },
  { name: 'real, weighted', options: null, classWeights: 'balanced' },
  mixed('+ seeds recombined', {}),
  mixed('+ lists', snipsLists),
  mixed('+ lists, alike slots, synonyms', { ...snipsLists, alike: snipsAlike, synonyms: snipsSynonyms }),
]

if (existsSync(folder)) await main()
else console.log('snips: skipped, the data folder ../shared/data/snips is missing')

async function main(): Promise<void> {
  const train = intents.flatMap(intent => readRequests('train', intent))
  const validate = intents.flatMap(intent => readRequests('validate', intent))
  const known = new Set(train.map(textKey))
  const repeated = new Set(validate.filter(row => known.has(textKey(row))).map(({ id }) => id))
  console.log(`${validate.length} validate requests, ${repeated.size} of them repeat a training request`)
  for (const perIntent of [5, 10]) {
    const outcomes = await answerAll(perIntent, train, validate)
    console.log(`\n${perIntent} seeds an intent, ${draws} draws, ${perReal} synthetic requests for each seed`)
    if (tuning) report('training requests that are no seeds', outcomes)
    else {
      report('validate requests', outcomes)
      report(
        'validate requests that repeat none',
        outcomes.map(each => without(each, repeated)),
      )
    }
  }
}

function textKey({ row }: TracedRow): string {
  return words(String(row['text'])).join(' ')
}

function without(outcome: Outcome, ids: ReadonlySet<string>): Outcome {
  return { ...outcome, answers: outcome.answers.filter(({ id }) => !ids.has(id)) }
}

async function answerAll(
  perIntent: number,
  train: readonly TracedRow[],
  validate: readonly TracedRow[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (let draw = 0; draw < draws; draw++) {
    const random = createRandom(draw, 'snips')
    const seeds = intents.flatMap(intent =>
      random.shuffle(train.filter(({ row }) => row['intent'] === intent)).slice(0, perIntent),
    )
    const held = tuning
      ? createRandom(0, 'tune')
          .shuffle(train.filter(row => !seeds.includes(row)))
          .slice(0, 2100)
      : validate
    for (const arm of arms) {
      const synthetic = arm.options === null ? [] : await makeRequests(arm.options, { seeds, held, draw })
      outcomes.push(await answer(arm, { seeds, synthetic, held, draw }))
    }
  }
  return outcomes
}

function report(asked: string, outcomes: readonly Outcome[]): void {
  const byArm = Map.groupBy(outcomes, ({ arm }) => arm)
  const [real = []] = byArm.values()
  console.log(`  on ${real[0]!.answers.length} ${asked}`)
  for (const [arm, own] of byArm) {
    const scores = own.map(({ answers }) => 100 * scoreAnswers(metric, answers))
    const line = `    ${arm.padEnd(34)} ${meanOf(scores).toFixed(1)} ± ${Math.sqrt(varianceOf(scores)).toFixed(1)} %`
    if (own === real || tuning) {
      console.log(line)
      continue
    }
    const uplift = measureUplift({ task: task.name, metric, mixed: own, rival: real, regime: 'sealed' })
    const [low, high] = uplift.interval
    console.log(
      `${line}   uplift ${points(uplift.value)}, 95 % ${interval(low, high)}; paired ${paired(own, real)}`,
    )
  }
}

/** The interval of the difference, draw by draw and item by item. */
function paired(mixed: readonly Outcome[], rival: readonly Outcome[]): string {
  const items = sharedItems([...mixed, ...rival])
  const [one, other] = [tabulate(metric, mixed, items), tabulate(metric, rival, items)]
  const scores = one.scores.map((score, draw) => score - other.scores[draw]!)
  const parts = one.parts.map((part, draw) => part.map((value, item) => value - other.parts[draw]![item]!))
  const { variance, freedom } = crossedVariance([{ scores, parts }])
  const half = variance === 0 ? 0 : studentQuantile(0.975, freedom) * Math.sqrt(variance)
  return interval(meanOf(scores) - half, meanOf(scores) + half)
}

function interval(low: number, high: number): string {
  return `[${points(low)}, ${points(high)}]`
}

function points(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(100 * fraction).toFixed(1)}`
}

async function makeRequests(
  options: SeedsOptions,
  { seeds, held, draw }: { seeds: readonly TracedRow[]; held: readonly TracedRow[]; draw: number },
): Promise<readonly TracedRow[]> {
  const context = createContext({
    seed: draw,
    name: 'snips',
  })
  const fitted = await seedsGenerator.fit(
    options,
    { rows: seeds, schema: { rows: seeds.length, columns: [] } },
    context,
  )
  const validation = createValidation({
    settings: {
      minimumLength: 1,
      maximumLength: 1000,
      nearDuplicate: 0.85,
      rouge: 'auto',
      personalData: 'off',
      contamination: 'reject',
    },
    tasks: [task],
    constraints: () => null,
    fingerprints: fingerprintTexts(
      held.map(({ row }) => String(row['text'])),
      'snips',
    ),
    kept: seeds,
    seed: draw,
  })
  const filled = await fillCells({
    cells: intents.map(intent => ({ cell: { intent }, count: (perReal * seeds.length) / intents.length })),
    supports: cell => seedsGenerator.supports(options, fitted, cell),
    generate: (cell, count, inner) => seedsGenerator.make(options, fitted, { cell, count }, inner),
    toCandidate: (row, cell, index) => {
      const id = `seeds:${index}`
      const traced: TracedRow = {
        id,
        group: id,
        row,
        origin: {
          kind: 'synthetic',
          generator: 'seeds',
          seed: draw,
          cell,
          fitted: null,
          parents: [],
          share: 'anyone',
        },
      }
      return { traced, examples: [toExample(traced)] }
    },
    judge: candidate => validation.judge(candidate),
    tries: 20,
    context,
  })
  return filled.accepted
}

async function answer(
  arm: Arm,
  given: {
    seeds: readonly TracedRow[]
    synthetic: readonly TracedRow[]
    held: readonly TracedRow[]
    draw: number
  },
): Promise<Outcome> {
  const context = createContext({ seed: given.draw, name: 'snips' })
  const student = linearStudent({ C: 20 })
  const examples = [...given.seeds, ...given.synthetic].map(toExample)
  const model = await student.train({ task, examples, classWeights: arm.classWeights }, context)
  const predictions = await student.predict(model, given.held.map(toExample), context)
  const answers = given.held.map(({ id, row }, index): Answer => ({
    id,
    group: id,
    gold: String(row['intent']),
    predicted: predictions[index]!.text,
  }))
  return { task: task.name, arm: arm.name, replicate: given.draw, answers }
}

function toExample({ id, group, row, origin }: TracedRow): Example {
  return {
    id,
    group,
    task: task.name,
    messages: [
      { role: 'user', content: String(row['text']) },
      { role: 'assistant', content: String(row['intent']) },
    ],
    attributes: { intent: row['intent']! },
    weight: 1,
    origin,
  }
}

function readRequests(part: 'train' | 'validate', intent: string): readonly TracedRow[] {
  const file = `${part}_${intent}.json`
  const data = JSON.parse(decodeLines(readFileSync(join(folder, file)), file)) as Record<
    string,
    { data: { text: string; entity?: string }[] }[]
  >
  return data[intent]!.map(({ data: parts }, index): TracedRow => {
    const segments = parts.map(({ text, entity }) => ({ text, slot: entity ?? null }))
    const id = `${file}:${index + 1}`
    return {
      id,
      group: id,
      row: { intent, text: segments.map(({ text }) => text).join(''), spans: writeSpans(segments) },
      origin: {
        kind: 'real',
        source: file,
        number: index + 1,
        use: part === 'train' ? 'train' : 'test',
        share: 'anyone',
      },
    }
  })
}

/** Lines that are not UTF-8 are read as Latin-1. */
function decodeLines(bytes: Buffer, file: string): string {
  const lines: string[] = []
  let other = 0
  for (let start = 0; start <= bytes.length;) {
    const end = bytes.indexOf(10, start)
    const line = bytes.subarray(start, end < 0 ? bytes.length : end)
    try {
      lines.push(new TextDecoder('utf-8', { fatal: true }).decode(line))
    } catch {
      lines.push(line.toString('latin1'))
      other++
    }
    start = end < 0 ? bytes.length + 1 : end + 1
  }
  if (other > 0) console.log(`${file}: ${other} lines are not UTF-8 and were read as Latin-1`)
  return lines.join('\n')
}
