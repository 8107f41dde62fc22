import type { Training } from './training.ts'

/** What trainers built on transformers read into its `TrainingArguments`. */
export function trainingArguments(training: Training, name: string): Readonly<Record<string, unknown>> {
  return {
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
