// A training step of an adapter (rank 8, all linear layers) beside SmolLM2-135M's shape, 4 rows of 64 tokens of which the
// last 16 are learned, beside the same in transformers and peft on the CPU, in turn, each side in a process of its own.
// Bars: tokens a second >= 1.2 times the peer's, each at its better number of threads; peak memory <= its.
// Usage: node bench/tensor-lora.ts [turns, 3 unless told] [threads, 1 and 2 unless told]
import { join } from 'node:path'
import { openStepper } from './peers/stepper.ts'
import { compareWithTorch, judge } from './tensor-against-torch.ts'

const compared = await compareWithTorch({
  name: 'LoRA',
  ours: threads => openStepper([process.execPath, join(import.meta.dirname, 'lora-steps.ts')], { threads }),
  torch: 'lora',
  requirements: 'requirements-lora.txt',
  steps: 3,
  turns: Number(process.argv[2] ?? 3),
  threads: process.argv.length > 3 ? process.argv.slice(3).map(Number) : [1, 2],
})
judge(compared, { each: 4 * 64, unit: 'tokens', bar: 1.2 })
const { ours, torch } = compared.peak
if (ours !== undefined && torch !== undefined) {
  const [here, there] = [ours, torch].map(bytes => `${(bytes / 1e6).toFixed(0)} MB`)
  console.log(`peak ${here}, PyTorch ${there}: ${ours <= torch ? 'met' : 'missed'}`)
  if (ours > torch) process.exitCode = 1
}
