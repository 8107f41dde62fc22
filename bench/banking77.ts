// The linear student on BANKING77 with few examples a class, beside scikit-learn's TF-IDF and logistic regression on
// the same draws. Bar: with 5 a class, accuracy >= 63.0 % over 10 draws, under 10 s a draw.
// Usage: node bench/banking77.ts [examples a class, 5 unless told]
import { createContext } from '../src/context.ts'
import { createRandom, type Random } from '../src/data/random.ts'
import { linearStudent } from '../src/student/linear.ts'
import {
  categoriesOf,
  hasBanking77,
  intentTask,
  type Query,
  readQueries,
  toExample,
} from './banking77-data.ts'
import { runPeer } from './peers/python.ts'

const DRAWS = 10
const perClass = Number(process.argv[2] ?? 5)

if (hasBanking77()) await main()

async function main(): Promise<void> {
  const train = readQueries('train')
  const test = readQueries('test')
  const labels = categoriesOf(train)
  const task = intentTask(labels)
  const draws = Array.from({ length: DRAWS }, (_, draw) =>
    drawNumbers(train, labels, createRandom(draw, 'banking77')),
  )
  const student = linearStudent({ C: 20 })
  const asked = test.map(toExample)

  const accuracies: number[] = []
  const seconds: number[] = []
  for (const [draw, numbers] of draws.entries()) {
    const context = createContext({ seed: draw, name: 'bench' })
    const start = performance.now()
    const examples = numbers.map(number => toExample(train[number]!))
    const model = await student.train({ task, examples, classWeights: 'none' }, context)
    const answers = await student.predict(model, asked, context)
    seconds.push((performance.now() - start) / 1000)
    accuracies.push(answers.filter((answer, row) => answer.text === test[row]!.category).length / test.length)
  }

  const bar = perClass === 5 ? ', bar 63.0 %, under 10 s' : ''
  console.log(`BANKING77, ${perClass} a class, ${DRAWS} draws, ${test.length} test rows${bar}`)
  console.log(`tilth linear: ${summary(accuracies, seconds)}`)
  const peer = runPeer('banking77.py', { train, test, draws })
  if (!peer.ran) {
    console.log(`scikit-learn: skipped, ${peer.reason}`)
    return
  }
  const output = peer.output as { accuracies: number[]; seconds: number[] }
  console.log(`scikit-learn: ${summary(output.accuracies, output.seconds)}`)
  const differences = accuracies.map((accuracy, draw) => accuracy - output.accuracies[draw]!)
  console.log(
    `difference:   ${(mean(differences) * 100).toFixed(2)} points, sd ${(deviation(differences) * 100).toFixed(2)}`,
  )
}

/** Row numbers of `perClass` different rows of each label. */
function drawNumbers(queries: readonly Query[], labels: readonly string[], random: Random): number[] {
  const byLabel = Map.groupBy(queries.keys(), number => queries[number]!.category)
  return labels.flatMap(label => random.shuffle(byLabel.get(label)!).slice(0, perClass))
}

function summary(accuracies: readonly number[], seconds: readonly number[]): string {
  const percent = accuracies.map(accuracy => accuracy * 100)
  return `accuracy ${mean(percent).toFixed(1)} ± ${deviation(percent).toFixed(1)} %, ${mean(seconds).toFixed(2)} s a draw`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation(values: readonly number[]): number {
  const center = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1))
}
