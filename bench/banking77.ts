// The linear student on BANKING77 with few examples a class, beside scikit-learn's TF-IDF and logistic regression on
// the same draws. Bar: with 5 a class, accuracy >= 63.0 % over 10 draws, under 10 s a draw.
// Usage: node bench/banking77.ts [examples a class, 5 unless told]
import { parse } from 'csv-parse/sync'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext } from '../src/context.ts'
import type { Example } from '../src/data/example.ts'
import { createRandom, type Random } from '../src/data/random.ts'
import { linearStudent } from '../src/student/linear.ts'
import type { Task } from '../src/task/task.ts'
import { runPeer } from './peers/python.ts'

interface Query {
  readonly text: string
  readonly category: string
}

const DRAWS = 10
const perClass = Number(process.argv[2] ?? 5)
const folder = join(process.cwd(), '..', 'shared', 'data', 'banking77')

if (existsSync(folder)) await main()
else console.log('BANKING77: skipped, the data folder ../shared/data/banking77 is missing')

async function main(): Promise<void> {
  const train = readQueries('train.csv')
  const test = readQueries('test.csv')
  const labels = [...new Set(train.map(query => query.category))].sort()
  const task: Task = {
    name: 'intent',
    kind: 'label',
    prompts: [{ prompt: '{{ text }}' }],
    answer: 'category',
    labels,
    metric: 'accuracy',
  }
  const draws = Array.from({ length: DRAWS }, (_, draw) =>
    drawNumbers(train, labels, createRandom(draw, 'banking77')),
  )
  const student = linearStudent({ C: 20 })
  const asked = test.map((query, number) => toExample(query, number, 'test'))

  const accuracies: number[] = []
  const seconds: number[] = []
  for (const [draw, numbers] of draws.entries()) {
    const context = createContext({ seed: draw, name: 'bench' })
    const start = performance.now()
    const examples = numbers.map(number => toExample(train[number]!, number, 'train'))
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

function readQueries(file: string): Query[] {
  return parse(readFileSync(join(folder, file)), { columns: true, bom: true })
}

/** Row numbers of `perClass` different rows of each label. */
function drawNumbers(queries: readonly Query[], labels: readonly string[], random: Random): number[] {
  const byLabel = Map.groupBy(queries.keys(), number => queries[number]!.category)
  return labels.flatMap(label => random.shuffle(byLabel.get(label)!).slice(0, perClass))
}

function toExample(query: Query, number: number, use: 'train' | 'test'): Example {
  const id = `${use}:${number + 1}`
  return {
    id,
    group: id,
    task: 'intent',
    messages: [
      { role: 'user', content: query.text },
      { role: 'assistant', content: query.category },
    ],
    attributes: { category: query.category },
    weight: 1,
    origin: { kind: 'real', source: 'banking77', number: number + 1, use, share: 'anyone' },
  }
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
