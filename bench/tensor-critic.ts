// A step of a Wasserstein critic with gradient penalty, which differentiates a gradient, beside the same in PyTorch on the
// CPU, in turn. Bar: steps a second >= PyTorch's at its better number of threads.
// Usage: node bench/tensor-critic.ts [turns, 8 unless told]
import { createRandom } from '../src/data/random.ts'
import { compareWithTorch } from './tensor-against-torch.ts'
import { criticLoss } from './tensor-models.ts'

const sizes = { batch: 500, inputs: 200, hidden: 256 }
const random = createRandom(1, 'rows')
const rows = (): Float32Array =>
  Float32Array.from({ length: sizes.batch * sizes.inputs }, () => random.next())

const { ours, torch } = await compareWithTorch({
  work: 'critic',
  learned: criticLoss(sizes),
  settings: { optimizer: { beta1: 0.5, beta2: 0.9, weightDecay: 0 } },
  batch: { real: rows(), made: rows(), between: rows() },
  steps: 30,
  turns: Number(process.argv[2] ?? 8),
})
const rate = (seconds: number): string => (1 / seconds).toFixed(1)
console.log(`${rate(ours)} steps/s, PyTorch ${torch === undefined ? 'not measured' : rate(torch)}`)
if (torch !== undefined) {
  const ratio = torch / ours
  console.log(`${ratio.toFixed(2)} times PyTorch; the bar is 1.00: ${ratio >= 1 ? 'met' : 'missed'}`)
  process.exitCode = ratio >= 1 ? 0 : 1
}
