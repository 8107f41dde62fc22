// A step of a Wasserstein critic with gradient penalty, which differentiates a gradient, beside the same in PyTorch on the
// CPU, in turn. Bar: steps a second >= PyTorch's at its better number of threads.
// Usage: node bench/tensor-critic.ts [turns, 8 unless told]
import { createRandom } from '../src/data/random.ts'
import { compareWithTorch, judge, openTraining } from './tensor-against-torch.ts'
import { criticLoss } from './tensor-models.ts'

const sizes = { batch: 500, inputs: 200, hidden: 256 }
const random = createRandom(1, 'rows')
const rows = (): Float32Array =>
  Float32Array.from({ length: sizes.batch * sizes.inputs }, () => random.next())

const work = {
  learned: criticLoss(sizes),
  settings: { optimizer: { beta1: 0.5, beta2: 0.9, weightDecay: 0 } },
  batch: { real: rows(), made: rows(), between: rows() },
}
const compared = await compareWithTorch({
  name: 'critic',
  ours: threads => openTraining(work, threads),
  torch: 'critic',
  requirements: 'requirements-torch.txt',
  steps: 30,
  turns: Number(process.argv[2] ?? 8),
})
judge(compared, { each: 1, unit: 'steps', bar: 1 })
