import { type DataExport, type ExportFormat, jsonLines } from './format.ts'
import { weightedMessages } from './weighted-messages.ts'

/**
 * OpenAI: messages, earlier answers with weight 0, and the job as the service takes it but for the names that uploading gives
 * the files: `train.py` uploads and fills them in. What it does not let one choose (adapters, learning rate) is said in the notes.
 */
export const openaiFormat: ExportFormat = {
  name: 'openai',
  title: 'OpenAI',
  checkedAgainst: 'openai 3.54.0',
  defaultBase: 'gpt-4.1-nano-2025-04-14',
  demands: {
    fewest: 10,
    fewestEvaluation: 0,
    alternating: false,
    learns: 'marked',
    hosted: true,
    largestFile: 512e6,
  },
  command: 'python train.py',
  notes: () => [
    'OpenAI chooses adapters, learning rate and sequence length itself: of the settings it takes seed, epochs and batch size.',
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

function job({ name, base, training }: DataExport): unknown {
  return {
    model: base.name,
    seed: training.seed,
    suffix: name.slice(0, 64),
    method: {
      type: 'supervised',
      supervised: {
        hyperparameters: {
          n_epochs: training.epochs,
          batch_size: training.batchSize * training.accumulation,
          learning_rate_multiplier: 'auto',
        },
      },
    },
  }
}

const script = `"""Uploads the data and starts the job of job.json. Needs \`pip install openai\` and OPENAI_API_KEY."""

import json
from pathlib import Path

from openai import OpenAI

client = OpenAI()
here = Path(__file__).parent


def upload(name):
    path = here / "data" / name
    return client.files.create(file=path, purpose="fine-tune").id if path.exists() else None


job = json.loads((here / "job.json").read_text(encoding="utf-8"))
files = {"training_file": upload("train.jsonl"), "validation_file": upload("eval.jsonl")}
started = client.fine_tuning.jobs.create(**job, **{name: id for name, id in files.items() if id})
print(started.id)
`
