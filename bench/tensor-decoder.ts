// A whole training step of a decoder beside the same in PyTorch on the CPU, in turn. Bar: tokens a second >= PyTorch's at
// its better number of threads. Usage: node bench/tensor-decoder.ts [turns, 4 unless told]
import { createRandom } from '../src/data/random.ts'
import { compareWithTorch } from './tensor-against-torch.ts'
import { decoderLoss } from './tensor-models.ts'

const sizes = { width: 256, layers: 4, heads: 8, vocabulary: 4096, inner: 768, batch: 16, length: 128 }
const count = sizes.batch * sizes.length
const random = createRandom(1, 'tokens')
const tokens = Int32Array.from({ length: count }, () => random.integer(0, sizes.vocabulary - 1))

const { ours, torch } = await compareWithTorch({
  work: 'decoder',
  learned: decoderLoss(sizes),
  settings: { clip: 1 },
  batch: { tokens, targets: tokens.map((_, index) => tokens[(index + 1) % count]!) },
  steps: 3,
  turns: Number(process.argv[2] ?? 4),
})
const rate = (seconds: number): string => (count / seconds).toFixed(0)
console.log(`${rate(ours)} tokens/s, PyTorch ${torch === undefined ? 'not measured' : rate(torch)}`)
if (torch !== undefined) {
  const ratio = torch / ours
  console.log(`${ratio.toFixed(2)} times PyTorch; the bar is 1.00: ${ratio >= 1 ? 'met' : 'missed'}`)
  process.exitCode = ratio >= 1 ? 0 : 1
}
