// The learning curve's forecast on BANKING77: grown on 20 examples a class, by cross-validation within them, it foretells
// the accuracy with 50 a class, which is then measured on the test rows. Bar: it lies in the stated 95 % interval, no
// wider than ± 4 points, in >= 8 of 10 draws.
// Usage: node bench/learning-curve.ts [draws, 10 unless told]
import { createContext } from '../src/context.ts'
import type { Example } from '../src/data/example.ts'
import { createRandom } from '../src/data/random.ts'
import { forecastCurve } from '../src/gaps/forecast.ts'
import { designCurve, growLearningCurve } from '../src/gaps/learning-curve.ts'
import { linearStudent } from '../src/student/linear.ts'
import { categoriesOf, hasBanking77, intentTask, readQueries, toExample } from './banking77-data.ts'

const draws = Number(process.argv[2] ?? 10)
const known = 20
const foretold = 50

if (hasBanking77()) await main()

async function main(): Promise<void> {
  const train = readQueries('train')
  const test = readQueries('test').map(toExample)
  const labels = categoriesOf(train)
  const task = intentTask(labels)
  const student = linearStudent({ C: 20 })
  let held = 0
  let widest = 0
  for (let draw = 0; draw < draws; draw++) {
    const random = createRandom(draw, 'learning curve')
    const byLabel = Map.groupBy(train.keys(), number => train[number]!.category)
    const drawn = labels.map(label => random.shuffle(byLabel.get(label)!).slice(0, foretold))
    const take = (count: number): Example[] =>
      drawn.flatMap(numbers => numbers.slice(0, count).map(number => toExample(train[number]!)))
    const context = createContext({ seed: draw, name: 'learning curve' })
    const examples = take(known)
    const { examples: most, ...design } = designCurve(examples.length, labels.length)
    if (most < examples.length) throw new Error('the design leaves examples out')
    const curve = await growLearningCurve(
      student,
      { task, examples, classWeights: 'none' },
      { ...design, context },
    )
    const { ahead } = forecastCurve(task, examples, curve, [1, 2, foretold / known])
    const { score, interval } = ahead.at(-1)!

    const model = await student.train({ task, examples: take(foretold), classWeights: 'none' }, context)
    const answers = await student.predict(model, test, context)
    const right = answers.filter(({ text }, row) => text === test[row]!.messages[1]!.content).length
    const accuracy = right / test.length
    const half = (interval.high - interval.low) / 2
    const holds = accuracy >= interval.low && accuracy <= interval.high
    held += Number(holds && half <= 0.04)
    widest = Math.max(widest, half)
    console.log(
      `draw ${draw + 1}: foretold ${percent(score)} (${percent(interval.low)} to ${percent(interval.high)}, ± ${percent(half)}), measured ${percent(accuracy)}: ${holds ? 'in' : 'OUT'}`,
    )
  }
  console.log(
    `BANKING77, ${known} a class to ${foretold}: in the interval in ${held} of ${draws} draws, widest ± ${percent(widest)} points (bar: 8 of 10, ± 4)`,
  )
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}
