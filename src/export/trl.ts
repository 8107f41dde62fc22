import { stringify } from 'yaml'
import type { Example } from '../data/example.ts'
import { type DataExport, type ExportFormat, jsonLines } from './format.ts'

/**
 * TRL: conversational prompt and completion, so that loss falls on the last answer and its end of turn whatever the
 * template. The trainer's own splitting and mixing (`test_split_size`, `fraction`) are not used.
 */
export const trlFormat: ExportFormat = {
  name: 'trl',
  title: 'TRL',
  checkedAgainst: 'trl 1.16.0',
  defaultBase: 'Qwen/Qwen2.5-0.5B-Instruct',
  demands: {
    fewest: 1,
    fewestEvaluation: 0,
    alternating: false,
    learnsAllTurns: false,
    hosted: false,
    largestFile: Infinity,
  },
  command: 'trl sft --config sft.yaml',
  notes: () => [],
  files: data => [
    { path: 'data/train.jsonl', content: jsonLines(data.train, promptAndCompletion) },
    ...(data.evaluation.length === 0
      ? []
      : [{ path: 'data/test.jsonl', content: jsonLines(data.evaluation, promptAndCompletion) }]),
    { path: 'sft.yaml', content: [stringify(config(data))] },
  ],
}

function promptAndCompletion({ messages }: Example): unknown {
  return { prompt: messages.slice(0, -1), completion: messages.slice(-1) }
}

function config({ name, evaluation, base, training }: DataExport): unknown {
  return {
    model_name_or_path: base.name,
    dtype: 'bfloat16',
    dataset_name: './data',
    dataset_train_split: 'train',
    ...(evaluation.length === 0
      ? { eval_strategy: 'no' }
      : { dataset_test_split: 'test', eval_strategy: 'epoch' }),
    completion_only_loss: true,
    packing: false,
    max_length: training.sequenceLength,
    ...(base.endOfTurn === null ? {} : { eos_token: base.endOfTurn }),
    use_peft: true,
    lora_r: training.lora.rank,
    lora_alpha: training.lora.alpha,
    lora_dropout: training.lora.dropout,
    lora_target_modules: 'all-linear',
    learning_rate: training.learningRate,
    lr_scheduler_type: 'cosine',
    warmup_steps: training.warmupSteps,
    num_train_epochs: training.epochs,
    per_device_train_batch_size: training.batchSize,
    gradient_accumulation_steps: training.accumulation,
    seed: training.seed,
    logging_steps: 1,
    save_strategy: 'epoch',
    report_to: 'none',
    output_dir: `out/${name}`,
  }
}
