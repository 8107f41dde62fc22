import { stringify } from 'yaml'
import type { Example } from '../data/example.ts'
import { trainingArguments } from './training-arguments.ts'
import { type DataExport, type ExportFormat, jsonLines } from './format.ts'

const columns = {
  formatting: 'sharegpt',
  columns: { messages: 'messages' },
  tags: {
    role_tag: 'role',
    content_tag: 'content',
    user_tag: 'user',
    assistant_tag: 'assistant',
    system_tag: 'system',
  },
}

/**
 * LLaMA-Factory: messages under `dataset_info.json`. `mask_history` keeps earlier answers from the loss, `val_size: 0` and an
 * `eval_dataset` of our own keep it from splitting; no `max_samples`, which would cut the set.
 */
export const llamaFactoryFormat: ExportFormat = {
  name: 'llama-factory',
  title: 'LLaMA-Factory',
  checkedAgainst: 'llamafactory 0.9.5',
  defaultBase: 'Qwen/Qwen2.5-0.5B-Instruct',
  demands: {
    fewest: 1,
    fewestEvaluation: 0,
    alternating: true,
    learns: 'last',
    hosted: false,
    largestFile: Infinity,
  },
  command: 'llamafactory-cli train sft.yaml',
  notes: ({ base }) =>
    base.llamaFactoryTemplate === null
      ? [
          `It is not known which template of LLaMA-Factory belongs to ${base.name}, so sft.yaml names none and the tokenizer's own is parsed: set \`template\` where the model's page says which.`,
        ]
      : [],
  files: data => [
    { path: 'data/train.jsonl', content: jsonLines(data.train, messagesOf) },
    ...(data.evaluation.length === 0
      ? []
      : [{ path: 'data/eval.jsonl', content: jsonLines(data.evaluation, messagesOf) }]),
    {
      path: 'data/dataset_info.json',
      content: [
        `${JSON.stringify(
          {
            train: { file_name: 'train.jsonl', ...columns },
            ...(data.evaluation.length === 0 ? {} : { eval: { file_name: 'eval.jsonl', ...columns } }),
          },
          null,
          2,
        )}\n`,
      ],
    },
    { path: 'sft.yaml', content: [stringify(config(data))] },
  ],
}

function messagesOf({ messages }: Example): unknown {
  return { messages }
}

function config({ name, evaluation, base, training }: DataExport): unknown {
  return {
    model_name_or_path: base.name,
    stage: 'sft',
    do_train: true,
    finetuning_type: 'lora',
    lora_rank: training.lora.rank,
    lora_alpha: training.lora.alpha,
    lora_dropout: training.lora.dropout,
    lora_target: 'all',
    dataset_dir: './data',
    dataset: 'train',
    ...(evaluation.length === 0 ? { eval_strategy: 'no' } : { eval_dataset: 'eval', eval_strategy: 'epoch' }),
    val_size: 0,
    ...(base.llamaFactoryTemplate === null ? {} : { template: base.llamaFactoryTemplate }),
    cutoff_len: training.sequenceLength,
    mask_history: true,
    train_on_prompt: false,
    packing: false,
    bf16: true,
    ...trainingArguments(training, name),
  }
}
