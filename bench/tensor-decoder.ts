// A whole training step of a decoder beside the same in PyTorch on the CPU, in turn. Bar: tokens a second >= PyTorch's at
// its better number of threads. Usage: node bench/tensor-decoder.ts [turns, 4 unless told]
import { createRandom } from '../src/data/random.ts'
import { compareWithTorch, judge, openTraining } from './tensor-against-torch.ts'
import { decoderLoss } from './tensor-models.ts'

const sizes = { width: 256, layers: 4, heads: 8, vocabulary: 4096, inner: 768, batch: 16, length: 128 }
const count = sizes.batch * sizes.length
const random = createRandom(1, 'tokens')
const tokens = Int32Array.from({ length: count }, () => random.integer(0, sizes.vocabulary - 1))

const work = {
  learned: decoderLoss(sizes),
  settings: { clip: 1 },
  batch: { tokens, targets: tokens.map((_, index) => tokens[(index + 1) % count]!) },
}
const compared = await compareWithTorch({
  name: 'decoder',
  ours: threads => openTraining(work, threads),
  torch: 'decoder',
  requirements: 'requirements-torch.txt',
  steps: 3,
  turns: Number(process.argv[2] ?? 4),
})
judge(compared, { each: count, unit: 'tokens', bar: 1 })
