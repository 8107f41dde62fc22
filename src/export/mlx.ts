import { stringify } from 'yaml'
import type { Example } from '../data/example.ts'
import { type DataExport, type ExportFormat, jsonLines } from './format.ts'

/**
 * MLX-LM: messages, the last answer learned (`mask_prompt`). It counts batches, drops what fills none, and wants a validation
 * file of a batch at least.
 */
export const mlxFormat: ExportFormat = {
  name: 'mlx',
  title: 'MLX-LM',
  checkedAgainst: 'mlx-lm 0.32.2',
  defaultBase: 'Qwen/Qwen2.5-0.5B-Instruct',
  demands: {
    fewest: 2,
    fewestEvaluation: 2,
    alternating: false,
    learns: 'last',
    hosted: false,
    largestFile: Infinity,
  },
  command: 'mlx_lm.lora --config lora.yaml',
  notes: ({ train, training }) => {
    const left = train.length % training.batchSize
    return left === 0
      ? []
      : [`MLX-LM fills whole batches only: ${left} example of each epoch is left out, another each time.`]
  },
  files: data => [
    { path: 'data/train.jsonl', content: jsonLines(data.train, messagesOf) },
    { path: 'data/valid.jsonl', content: jsonLines(data.evaluation, messagesOf) },
    { path: 'lora.yaml', content: [stringify(config(data))] },
  ],
}

function messagesOf({ messages }: Example): unknown {
  return { messages }
}

function config({ name, train, base, training }: DataExport): unknown {
  const batches = Math.floor(train.length / training.batchSize)
  return {
    model: base.name,
    train: true,
    data: './data',
    fine_tune_type: 'lora',
    num_layers: -1,
    lora_parameters: {
      rank: training.lora.rank,
      scale: training.lora.alpha / training.lora.rank,
      dropout: training.lora.dropout,
    },
    mask_prompt: true,
    max_seq_length: training.sequenceLength,
    batch_size: training.batchSize,
    grad_accumulation_steps: training.accumulation,
    iters: batches * training.epochs,
    optimizer: 'adamw',
    optimizer_config: { adamw: { weight_decay: 0 } },
    learning_rate: training.learningRate,
    lr_schedule: {
      name: 'cosine_decay',
      warmup: training.warmupSteps,
      arguments: [training.learningRate, Math.max(1, training.steps - training.warmupSteps), 0],
    },
    seed: training.seed,
    steps_per_report: training.accumulation,
    steps_per_eval: batches,
    val_batches: -1,
    save_every: batches,
    adapter_path: `out/${name}`,
  }
}
