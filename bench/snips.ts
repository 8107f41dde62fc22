// Uplift of the seeds generator on snips: 5 and 10 seeds an intent and lists anyone could write down (snips-lists.ts), the
// linear student, accuracy of the intent on the 700 validate requests and on those that the training file does not repeat.
// Each draw takes other seeds. The first interval treats the draws of the two arms as independent, as a run does; the
// second pairs them, since both arms have the same seeds in each draw.
//   node bench/snips.ts [draws, 10 unless told] [--tune]
// With --tune, 2,100 training requests that are no seeds are asked instead: lists and options were settled on those.
import { createContext } from '../src/context.ts'
import type { Example } from '../src/data/example.ts'
import { createRandom } from '../src/data/random.ts'
import type { TracedRow } from '../src/data/row.ts'
import type { Answer, Outcome } from '../src/evaluate/outcome.ts'
import { type Metric, scoreAnswers } from '../src/evaluate/metric.ts'
import { measureUplift } from '../src/evaluate/uplift.ts'
import { seedsOptions, type SeedsOptions } from '../src/generate/rules/seeds/options.ts'
import { meanOf, varianceOf } from '../src/stats/moments.ts'
import { words } from '../src/stats/ngrams.ts'
import { linearStudent } from '../src/student/linear.ts'
import type { Task } from '../src/task/task.ts'
import { fillFromSeeds } from './fill-seeds.ts'
import { interval, pairedUplift, points } from './paired-uplift.ts'
import { hasSnips, readSnips, snipsIntents as intents } from './snips-data.ts'
import { snipsAlike, snipsLists, snipsSynonyms } from './snips-lists.ts'

const draws = Number(process.argv[2] ?? 10)
const tuning = process.argv.includes('--tune')
const task: Task = {
  name: 'intent',
  kind: 'label',
  prompts: [{ prompt: '{{ text }}' }],
  answer: 'intent',
  labels: [...intents],
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

if (hasSnips('snips')) await main()

async function main(): Promise<void> {
  const train = intents.flatMap(intent => readSnips('train', intent))
  const validate = intents.flatMap(intent => readSnips('validate', intent))
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
      const synthetic =
        arm.options === null
          ? []
          : await fillFromSeeds(arm.options, {
              task,
              seeds,
              held,
              cells: cellsOf(seeds.length),
              draw,
              toExample,
            })
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
    console.log(
      `${line}   uplift ${points(uplift.value)}, 95 % ${interval(uplift.interval)}; paired ${interval(pairedUplift(metric, own, real).interval)}`,
    )
  }
}

function cellsOf(seeds: number) {
  return intents.map(intent => ({ cell: { intent }, count: (perReal * seeds) / intents.length }))
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
