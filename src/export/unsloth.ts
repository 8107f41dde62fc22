import { stringify } from 'yaml'
import type { Example } from '../data/example.ts'
import { type DataExport, type ExportFormat, jsonLines } from './format.ts'

/**
 * Unsloth's command line: messages, loss on answers alone. Its configuration has no place for an evaluation file and its
 * masking none for earlier answers; both are said in the notes.
 */
export const unslothFormat: ExportFormat = {
  name: 'unsloth',
  title: 'Unsloth',
  checkedAgainst: 'unsloth 2026.10.9',
  defaultBase: 'Qwen/Qwen2.5-0.5B-Instruct',
  demands: {
    fewest: 1,
    fewestEvaluation: 0,
    alternating: true,
    learns: 'all',
    hosted: false,
    largestFile: Infinity,
  },
  command: 'unsloth train --config unsloth.yaml',
  notes: ({ evaluation }) =>
    evaluation.length === 0
      ? []
      : [
          'The configuration of Unsloth has no place for an evaluation file: data/eval.jsonl is for scoring afterwards.',
        ],
  files: data => [
    { path: 'data/train.jsonl', content: jsonLines(data.train, messagesOf) },
    ...(data.evaluation.length === 0
      ? []
      : [{ path: 'data/eval.jsonl', content: jsonLines(data.evaluation, messagesOf) }]),
    { path: 'unsloth.yaml', content: [stringify(config(data))] },
  ],
}

function messagesOf({ messages }: Example): unknown {
  return { messages }
}

function config({ name, base, training }: DataExport): unknown {
  return {
    model: base.name,
    data: { local_dataset: ['./data/train.jsonl'], format_type: 'chatml' },
    training: {
      training_type: 'lora',
      max_seq_length: training.sequenceLength,
      // Four-bit weights would be another model than the one that the other formats tune.
      load_in_4bit: false,
      output_dir: `out/${name}`,
      num_epochs: training.epochs,
      learning_rate: training.learningRate,
      batch_size: training.batchSize,
      gradient_accumulation_steps: training.accumulation,
      warmup_steps: training.warmupSteps,
      weight_decay: 0,
      random_seed: training.seed,
      packing: false,
      train_on_completions: true,
    },
    lora: {
      lora_r: training.lora.rank,
      lora_alpha: training.lora.alpha,
      lora_dropout: training.lora.dropout,
      target_modules: 'q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj',
    },
  }
}
