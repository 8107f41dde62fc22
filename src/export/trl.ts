import { stringify } from 'yaml'
import type { Example } from '../data/example.ts'
import { trainingArguments } from './training-arguments.ts'
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
    learns: 'last',
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
    ...trainingArguments(training, name),
  }
}
