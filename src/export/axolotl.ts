import { stringify } from 'yaml'
import type { Example } from '../data/example.ts'
import { type DataExport, type ExportFormat, jsonLines } from './format.ts'

/**
 * Axolotl: messages that each say whether they are learned. `test_datasets` in place of `val_set_size`, which would split
 * synthetic rows off, and `excess_length_strategy: raise`, since its default drops long rows without a word.
 */
export const axolotlFormat: ExportFormat = {
  name: 'axolotl',
  title: 'Axolotl',
  checkedAgainst: 'axolotl 0.19.0',
  defaultBase: 'Qwen/Qwen2.5-0.5B-Instruct',
  demands: {
    fewest: 1,
    fewestEvaluation: 0,
    alternating: false,
    learns: 'marked',
    hosted: false,
    largestFile: Infinity,
  },
  command: 'axolotl train axolotl.yaml',
  notes: () => [],
  files: data => [
    {
      path: 'data/train.jsonl',
      content: jsonLines(data.train, example => markedMessages(example, data.learnAll)),
    },
    ...(data.evaluation.length === 0
      ? []
      : [
          {
            path: 'data/eval.jsonl',
            content: jsonLines(data.evaluation, example => markedMessages(example, data.learnAll)),
          },
        ]),
    { path: 'axolotl.yaml', content: [stringify(config(data))] },
  ],
}

function markedMessages({ messages, task }: Example, learnAll: ReadonlySet<string>): unknown {
  const isAll = learnAll.has(task)
  return {
    messages: messages.map(({ role, content }, index) => ({
      role,
      content,
      train: isAll ? role === 'assistant' : index === messages.length - 1,
    })),
  }
}

function dataset(path: string): Record<string, unknown> {
  return {
    path,
    ds_type: 'json',
    type: 'chat_template',
    field_messages: 'messages',
    message_field_training: 'train',
    roles_to_train: ['assistant'],
    train_on_eos: 'turn',
  }
}

function config({ name, evaluation, base, training }: DataExport): unknown {
  return {
    base_model: base.name,
    chat_template: 'tokenizer_default',
    ...(base.endOfTurn === null ? {} : { eot_tokens: [base.endOfTurn] }),
    datasets: [dataset('./data/train.jsonl')],
    ...(evaluation.length === 0
      ? {}
      : { test_datasets: [{ ...dataset('./data/eval.jsonl'), split: 'train' }], evals_per_epoch: 1 }),
    val_set_size: 0,
    dataset_prepared_path: 'prepared',
    sequence_len: training.sequenceLength,
    excess_length_strategy: 'raise',
    sample_packing: false,
    eval_sample_packing: false,
    adapter: 'lora',
    lora_r: training.lora.rank,
    lora_alpha: training.lora.alpha,
    lora_dropout: training.lora.dropout,
    lora_target_linear: true,
    bf16: 'auto',
    micro_batch_size: training.batchSize,
    gradient_accumulation_steps: training.accumulation,
    num_epochs: training.epochs,
    learning_rate: training.learningRate,
    optimizer: 'adamw_torch',
    lr_scheduler: 'cosine',
    warmup_steps: training.warmupSteps,
    seed: training.seed,
    logging_steps: 1,
    saves_per_epoch: 1,
    output_dir: `out/${name}`,
  }
}
