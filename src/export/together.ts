import { type DataExport, type ExportFormat, jsonLines } from './format.ts'
import { weightedMessages } from './weighted-messages.ts'

/**
 * Together: messages alone in every record, earlier answers with weight 0, and the arguments of `fine_tuning.create` but for
 * the names that uploading gives the files. Packing, on by default there, is off.
 */
export const togetherFormat: ExportFormat = {
  name: 'together',
  title: 'Together',
  checkedAgainst: 'together 3.1.1',
  defaultBase: 'meta-llama/Meta-Llama-3.1-8B-Instruct-Reference',
  demands: {
    fewest: 1,
    fewestEvaluation: 0,
    alternating: true,
    learns: 'marked',
    hosted: true,
    largestFile: 50e9,
  },
  command: 'python train.py',
  notes: () => [
    'Together has a smallest batch size for each model: where it refuses `batch_size`, raise it and count the steps again.',
  ],
  files: data => [
    {
      path: 'data/train.jsonl',
      content: jsonLines(data.train, example => weightedMessages(example, data.learnAll)),
    },
    ...(data.evaluation.length === 0
      ? []
      : [
          {
            path: 'data/eval.jsonl',
            content: jsonLines(data.evaluation, example => weightedMessages(example, data.learnAll)),
          },
        ]),
    { path: 'job.json', content: [`${JSON.stringify(job(data), null, 2)}\n`] },
    { path: 'train.py', content: [script] },
  ],
}

function job({ name, evaluation, base, training }: DataExport): unknown {
  return {
    model: base.name,
    suffix: name.slice(0, 40),
    random_seed: training.seed,
    n_epochs: training.epochs,
    ...(evaluation.length === 0 ? {} : { n_evals: training.epochs }),
    batch_size: training.batchSize * training.accumulation,
    gradient_accumulation_steps: 1,
    packing: false,
    max_seq_length: training.sequenceLength,
    learning_rate: training.learningRate,
    lr_scheduler_type: 'cosine',
    warmup_ratio: Number((training.warmupSteps / training.steps).toFixed(4)),
    weight_decay: 0,
    lora: true,
    lora_r: training.lora.rank,
    lora_alpha: training.lora.alpha,
    lora_dropout: training.lora.dropout,
    lora_trainable_modules: 'all-linear',
    train_on_inputs: false,
  }
}

const script = `"""Checks and uploads the data and starts the job of job.json. Needs \`pip install together\` and TOGETHER_API_KEY."""

import json
from pathlib import Path

from together import Together

client = Together()
here = Path(__file__).parent


def upload(name):
    path = here / "data" / name
    return client.files.upload(file=path, purpose="fine-tune", check=True).id if path.exists() else None


job = json.loads((here / "job.json").read_text(encoding="utf-8"))
files = {"training_file": upload("train.jsonl"), "validation_file": upload("eval.jsonl")}
started = client.fine_tuning.create(**job, **{name: id for name, id in files.items() if id})
print(started.id)
`
