// Tokens a second of a decoder in the sizes of SmolLM2-135M, with 100 to 300 tokens before the one that is written, for
// one row and for eight. Bars on 2 cores: 30 and 120. In turn with them one large matrix is multiplied with one row,
// which tells how fast memory is read, and so the least time of a token: every weight is read once for it. What the
// weights are changes what is written, not how long it takes. On a machine that others use, one thread's processor time
// tells more than the time on the clock.
// Usage: node bench/decode.ts [turns, 4 unless told] [threads, as many as cores unless told]
import { availableParallelism, loadavg } from 'node:os'
import { createRandom } from '../src/data/random.ts'
import { openContinuousBatch } from '../src/model/continuous-batch.ts'
import { graphBuilder } from '../src/model/graph-builder.ts'
import { countWeights } from '../src/model/memory.ts'
import { importRuntime, openGraph } from '../src/tensor/session.ts'
import { anyWeights, smollm2 } from './smollm2.ts'

const turns = Number(process.argv[2] ?? 4)
const threads = Number(process.argv[3] ?? availableParallelism())
const random = createRandom(1, 'decode')

const bars = new Map([
  [1, 30],
  [8, 120],
])
const batch = await openContinuousBatch({
  config: smollm2,
  weights: anyWeights(smollm2),
  rows: 8,
  execution: { threads },
})
const readMatrix = await openMatrix()
const seconds = new Map(Array.from(bars.keys(), rows => [rows, new Array<number>()]))
const processor = new Map(Array.from(bars.keys(), rows => [rows, 0]))
const speeds: number[] = []
console.log(`load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores, threads: ${threads}`)
for (let turn = 0; turn < turns; turn++) {
  for (let time = 0; time < 5; time++) speeds.push(await readMatrix())
  const before = 100 + Math.round((150 * turn) / Math.max(1, turns - 1))
  for (const rows of bars.keys()) await write(rows, before)
}
await batch.close()

const speed = Math.max(...speeds)
const least = (countWeights(smollm2) * 4) / speed
console.log(
  `memory is read with ${(median(speeds) / 1e9).toFixed(1)} GB/s (median), ${(speed / 1e9).toFixed(1)} at best: a token takes at least ${(least * 1000).toFixed(1)} ms, ${(1 / least).toFixed(0)} tokens/s for one row`,
)
for (const [rows, bar] of bars) {
  const steps = seconds.get(rows)!.toSorted((a, b) => a - b)
  const [middle, best] = [median(steps), steps[Math.floor(steps.length / 10)]!].map(step => rows / step)
  const cost = (processor.get(rows)! / steps.length) * 1000
  console.log(
    `${rows} rows: ${middle!.toFixed(1)} tokens/s (median of ${steps.length} steps), ${best!.toFixed(1)} in the best tenth, ${cost.toFixed(0)} ms of processor time a step; the bar is ${bar}: ${middle! >= bar ? 'met' : 'missed'}`,
  )
}
console.log(`load ${loadavg()[0]!.toFixed(1)}`)

/** Lets so many rows write 50 tokens behind so many others, and keeps the time of each step. */
async function write(rows: number, before: number): Promise<void> {
  let [previous, used] = [0, 0]
  const steps = seconds.get(rows)!
  const answers = Array.from({ length: rows }, (_, row) =>
    batch.answer({
      prompt: Array.from({ length: before }, (_, place) => (place * 37 + row) % smollm2.vocabulary),
      maxTokens: 50,
      choice: { kind: 'greedy' },
      endIds: [],
      random,
      onToken: () => {
        // The last row to be admitted is the last of every step; from its second token on all of them write.
        if (row < rows - 1) return false
        const [now, cost] = [performance.now() / 1000, processorTime()]
        if (previous > 0) {
          steps.push(now - previous)
          processor.set(rows, processor.get(rows)! + cost - used)
        }
        ;[previous, used] = [now, cost]
        return false
      },
    }),
  )
  await Promise.all(answers)
}

/** Gives a function that multiplies a matrix of 256 MiB with one row, and tells the bytes a second. */
async function openMatrix(): Promise<() => Promise<number>> {
  const [outputs, inputs] = [16_384, 4096]
  const graph = graphBuilder()
  graph.input('x', 'float32', [1, inputs])
  graph.output('y', 'float32', [1, outputs])
  graph.node('MatMul', ['x', graph.constant('matrix', [inputs, outputs])], { results: ['y'] })
  const matrix = new Float32Array(inputs * outputs).fill(1)
  const opened = await openGraph(graph.build().model, { threads, constants: { matrix } })
  const { Tensor } = await importRuntime()
  const x = new Tensor('float32', new Float32Array(inputs), [1, inputs])
  return async () => {
    const start = performance.now()
    await opened.run({ x })
    return matrix.byteLength / ((performance.now() - start) / 1000)
  }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
