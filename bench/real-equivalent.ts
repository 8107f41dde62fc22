// How often the interval of the real-equivalent number holds the truth. Bar: at least 90 % in each row.
// 1. Simulated learners whose error follows a known power law with a floor, on items that differ in difficulty.
// 2. BANKING77, 20 intents: further real queries stand in for synthetic ones, so that they are worth their own number.
//
//     node bench/real-equivalent.ts [simulated repeats, 100 unless given] [draws of BANKING77, 20 unless given]
import { createContext } from '../src/context.ts'
import type { Example } from '../src/data/example.ts'
import { createRandom, type Random } from '../src/data/random.ts'
import type { CurveArm } from '../src/evaluate/curve-errors.ts'
import type { Answer, Outcome } from '../src/evaluate/outcome.ts'
import { measureEquivalent, type RealEquivalent } from '../src/evaluate/real-equivalent.ts'
import { orderEvenly } from '../src/gaps/even-order.ts'
import { partsOf } from '../src/gaps/learning-curve.ts'
import { normalQuantile } from '../src/stats/distributions.ts'
import { linearStudent } from '../src/student/linear.ts'
import { categoriesOf, hasBanking77, intentTask, readQueries, toExample } from './banking77-data.ts'

const repeats = Number(process.argv[2] ?? 100)
const draws = Number(process.argv[3] ?? 20)
const seeds = 5
const leastPart = 1 / 8
let missed = 0
/** The spread of the items' log odds, in points of equal probability. */
const grid = Array.from(
  { length: 200 },
  (_, index) => Math.hypot(1.5, 0.7) * normalQuantile((index + 0.5) / 200),
)

if (repeats > 0) simulate()
if (draws > 0 && hasBanking77()) await disguise()
if (missed > 0) process.exitCode = 1

function print(name: string, found: readonly RealEquivalent[], truth: number): void {
  const told = found.flatMap(({ worth, reach }) => (worth === null ? [] : [{ ...worth, reach }]))
  const held = told.filter(
    ({ low, high, reach }) =>
      (truth >= low || low === reach.low) &&
      (truth <= high || high === reach.high) &&
      !(truth > reach.high && high < reach.high),
  ).length
  const share = held / told.length
  const inside = share >= 0.9
  if (!inside) missed++
  console.log(
    `${name.padEnd(60)} truth ${Math.round(truth)}, found ${middle(told.map(({ value }) => value))} ` +
      `(${middle(told.map(({ low }) => low))} to ${middle(told.map(({ high }) => high))}), ` +
      `holds ${(100 * share).toFixed(1)} % of ${told.length} of ${found.length}${inside ? '' : '   MISSED'}`,
  )
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

interface Learner {
  readonly floor: number
  readonly exponent: number
  /** Error with 100 examples. */
  readonly error: number
}

function simulate(): void {
  const learners: readonly Learner[] = [
    { floor: 0.05, exponent: 0.4, error: 0.4 },
    { floor: 0.02, exponent: 0.7, error: 0.17 },
    { floor: 0.15, exponent: 0.5, error: 0.34 },
  ]
  for (const learner of learners)
    for (const [real, items, times, draw] of [
      [60, 1440, 2, 3],
      [60, 400, 1.5, 3],
      [200, 800, 1.5, 3],
      [200, 400, 0.8, 3],
      [1000, 1000, 2, 3],
      [200, 800, 1, 0],
    ] as const) {
      const found = Array.from({ length: repeats }, (_, repeat) =>
        simulateOnce(
          learner,
          { real, items, times, draw },
          createRandom(repeat, `equivalent ${real} ${items}`),
        ),
      )
      const name = `simulated, exponent ${learner.exponent}, ${real} rows, ${items} items, x ${times}, draws ${draw}`
      print(name, found, (times - 1) * real)
    }
}

function simulateOnce(
  learner: Learner,
  { real, items, times, draw }: { real: number; items: number; times: number; draw: number },
  random: Random,
): RealEquivalent {
  const difficulty = Array.from({ length: items }, () => random.normal(0, 1.5))
  const ownReal = difficulty.map(() => random.normal(0, 0.7))
  const ownMixed = difficulty.map(() => random.normal(0, 0.7))
  const sizes = partsOf(real, 2, leastPart).map(share => Math.round(share * real))
  const atReal = sizes.map(size => baseFor(errorAt(learner, size)))
  const atMixed = baseFor(errorAt(learner, times * real))
  const outcomesOfSizes: Outcome[][] = sizes.map(() => [])
  const mixed: Outcome[] = []
  for (let replicate = 0; replicate < seeds; replicate++) {
    const luck = difficulty.map(() => random.next())
    let path = random.normal(0, 0.05)
    for (const index of [...sizes.keys()].toReversed()) {
      const next = sizes[index + 1]
      if (next !== undefined) path += random.normal(0, draw * Math.sqrt(1 / sizes[index]! - 1 / next) * 0.3)
      outcomesOfSizes[index]!.push(
        answerAll(`${sizes[index]}`, replicate, difficulty, item => {
          const odds = atReal[index]! + path + difficulty[item]! + ownReal[item]!
          return luck[item]! < 1 / (1 + Math.exp(-odds))
        }),
      )
    }
    const shift = random.normal(0, 0.08)
    mixed.push(
      answerAll('mixed', replicate, difficulty, item => {
        const odds = atMixed + shift + difficulty[item]! + ownMixed[item]!
        return random.next() < 1 / (1 + Math.exp(-odds))
      }),
    )
  }
  const curve = sizes.map((examples, index): CurveArm => ({ examples, outcomes: outcomesOfSizes[index]! }))
  return measureEquivalent({ metric: { name: 'accuracy' }, curve, mixed, regime: 'sealed' })
}

function answerAll(
  arm: string,
  replicate: number,
  items: readonly number[],
  isRight: (item: number) => boolean,
): Outcome {
  const answers = items.map((_, item): Answer => ({
    id: `${item}`,
    group: `${item}`,
    gold: 'y',
    predicted: isRight(item) ? 'y' : 'n',
  }))
  return { task: 'simulated', arm, replicate, answers }
}

function errorAt({ floor, exponent, error }: Learner, size: number): number {
  return floor + (error - floor) * (size / 100) ** -exponent
}

/** The base log odds with which the mean error over endless items is `error`. */
function baseFor(error: number): number {
  let [low, high] = [-8, 8]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    const wrong = grid.reduce((sum, z) => sum + 1 / (1 + Math.exp(middle + z)), 0) / grid.length
    if (wrong > error) low = middle
    else high = middle
  }
  return (low + high) / 2
}

async function disguise(): Promise<void> {
  const train = readQueries('train')
  const test = readQueries('test')
  const student = linearStudent({ C: 20 })
  for (const [perLabel, extra] of [
    [6, 6],
    [10, 10],
    [10, 20],
  ] as const) {
    const found: RealEquivalent[] = []
    for (let draw = 0; draw < draws; draw++) {
      const random = createRandom(draw, 'disguise')
      const labels = random.shuffle(categoriesOf(train)).slice(0, 20)
      const task = intentTask(labels)
      const context = createContext({ seed: draw, name: 'bench' })
      const pools = labels.map(label => random.shuffle(train.filter(({ category }) => category === label)))
      const real = pools.flatMap(pool => pool.slice(0, perLabel)).map(toExample)
      const asked = test.filter(({ category }) => labels.includes(category)).map(toExample)
      const train1 = async (
        examples: readonly Example[],
        arm: string,
        replicate: number,
      ): Promise<Outcome> => {
        const model = await student.train({ task, examples, classWeights: 'none' }, context)
        const predictions = await student.predict(model, asked, context)
        const answers = predictions.map(({ id, text }, index) => ({
          id,
          group: id,
          gold: asked[index]!.messages.at(-1)!.content,
          predicted: text,
        }))
        return { task: 'intent', arm, replicate, answers }
      }
      const curve = partsOf(real.length, labels.length, leastPart).map(share => ({
        examples: Math.round(share * real.length),
        outcomes: [] as Outcome[],
      }))
      const mixed: Outcome[] = []
      for (let replicate = 0; replicate < seeds; replicate++) {
        const own = random.stream(`replicate ${replicate}`)
        const ordered = orderEvenly(real, own)
        for (const { examples, outcomes } of curve)
          outcomes.push(await train1(ordered.slice(0, examples), `real ${examples}`, replicate))
        const further = pools
          .flatMap(pool => own.shuffle(pool.slice(perLabel)).slice(0, extra))
          .map(toExample)
        mixed.push(await train1([...real, ...further], 'mixed', replicate))
      }
      found.push(
        measureEquivalent({
          metric: { name: 'accuracy' },
          curve,
          mixed,
          regime: 'sealed',
        }),
      )
    }
    print(`BANKING77, ${20 * perLabel} real, ${20 * extra} real in disguise`, found, 20 * extra)
  }
}
