// Training steps of an adapter beside SmolLM2-135M's shape, in a process of its own: what bench/tensor-lora.ts times.
// Reads one JSON object a line: {"threads": n, "steps": n}; prints one a line: {"seconds", "processor"}.
import { createInterface } from 'node:readline'
import { createRandom } from '../src/data/random.ts'
import { parseDecoderConfig } from '../src/model/decoder-config.ts'
import { decoderLoss, lossFeeds } from '../src/model/decoder-loss.ts'
import { weightShapes, type Weights } from '../src/model/decoder-weights.ts'
import { plainParts } from '../src/model/decoder.ts'
import { ADAPTER, adaptedParts, initialAdapter, packAdapter } from '../src/model/lora.ts'
import { sharedFloats } from '../src/model/shared-floats.ts'
import { sizeOf } from '../src/tensor/shape.ts'
import { compileTrainStep, initialTrainState } from '../src/tensor/train-step.ts'
import { createTrainer, trainPrograms, type Trainer } from '../src/tensor/trainer.ts'
import { openSession } from '../src/tensor/worker-session.ts'
import { timeSteps } from './tensor-against-torch.ts'

const [rows, time, told] = [4, 64, 16]
const config = parseDecoderConfig(
  {
    model_type: 'llama',
    vocab_size: 49_152,
    hidden_size: 576,
    intermediate_size: 1536,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    max_position_embeddings: 8192,
    tie_word_embeddings: true,
    rms_norm_eps: 1e-6,
    hidden_act: 'silu',
  },
  'SmolLM2-135M',
)
const lora = {
  rank: 8,
  alpha: 16,
  dropout: 0,
  targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
}
const random = createRandom(1, 'lora')
const sizes = { targets: rows * told, packing: false }
const batch = {
  time,
  rows: Array.from({ length: rows }, (_, row) => [
    {
      id: String(row),
      ids: Array.from({ length: time }, () => random.integer(0, config.vocabulary - 1)),
      learned: Uint8Array.from({ length: time }, (_, place) => Number(place >= time - told)),
      weight: 1,
    },
  ]),
}
const feeds = lossFeeds({ config, padId: 0 }, batch, { ...sizes, total: rows * told })

/** Normal values that repeat every million, as what they are does not change how long a step takes. */
function weightsOf(): Weights {
  const block = Float32Array.from({ length: 1_000_003 }, () => random.normal(0, 0.02))
  return Object.fromEntries(
    Array.from(weightShapes(config), ([name, shape]) => {
      const values = sharedFloats(sizeOf(shape))
      if (name.endsWith('norm.weight')) return [name, values.fill(1)]
      for (let start = 0; start < values.length; start += block.length)
        values.set(block.subarray(0, values.length - start), start)
      return [name, values]
    }),
  )
}

async function openTrainer(threads: number): Promise<Trainer> {
  const { parts, learned } = adaptedParts(config, lora, { parts: plainParts(config), training: true })
  const loss = decoderLoss(config, parts, { rows, time, ...sizes })
  const step = compileTrainStep({ loss, ...learned, clip: 1, optimizer: { weightDecay: 0.01 } })
  const session = await openSession({
    programs: trainPrograms('train', step),
    state: {
      ...weightsOf(),
      [ADAPTER]: packAdapter(config, lora, initialAdapter(config, lora, random.stream('adapter'))),
      ...initialTrainState(step, learned.parameters),
    },
    execution: { threads },
  })
  return createTrainer({ session, steps: { train: step }, schedule: () => 1e-3 })
}

let trainer: Trainer | undefined
for await (const line of createInterface(process.stdin)) {
  const { threads, steps } = JSON.parse(line) as { readonly threads: number; readonly steps: number }
  trainer ??= await openTrainer(threads)
  const { step } = trainer
  console.log(JSON.stringify(await timeSteps(steps, () => step('train', [feeds]))))
}
process.exit()
