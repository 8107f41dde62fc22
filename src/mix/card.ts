import { stringify } from 'yaml'

/** What a dataset card says of a mixture. */
export interface CardFacts {
  readonly project: string
  readonly mixture: string
  readonly seed: number
  readonly tasks: readonly { readonly name: string; readonly kind: string; readonly examples: number }[]
  readonly real: number
  readonly synthetic: number
  readonly generators: readonly { readonly name: string; readonly use: string; readonly fittedOn: string }[]
  /** True where a generator was fitted on rows that may not be shared. */
  readonly local: boolean
  /** In the scarce regime, all real training rows, so many, of which none was left to score it on; else null. */
  readonly rows: number | null
}

const categories: Readonly<Record<string, string>> = {
  label: 'text-classification',
  fields: 'text-generation',
  text: 'question-answering',
  number: 'text-classification',
  chat: 'text-generation',
}

/**
 * The README.md of a mixture, with the YAML head that the Hugging Face hub reads
 * (configs, size_categories, task_categories, tags).
 */
export function datasetCard(facts: CardFacts): string {
  const total = facts.real + facts.synthetic
  const head = stringify({
    pretty_name: `${facts.project} (${facts.mixture})`,
    tags: ['synthetic', 'instruction-tuning', 'tilth'],
    task_categories: [...new Set(facts.tasks.map(task => categories[task.kind] ?? 'text-generation'))],
    size_categories: [sizeCategory(total)],
    configs: [{ config_name: 'default', data_files: [{ split: 'train', path: 'train.parquet' }] }],
  })
  const tasks = facts.tasks.map(task => `| ${task.name} | ${task.kind} | ${task.examples} |`)
  const generators = facts.generators.map(each => `| ${each.name} | ${each.use} | ${each.fittedOn} |`)
  return `---
${head}---

# ${facts.project}: ${facts.mixture}

${total} instruction-tuning examples: ${facts.real} real, ${facts.synthetic} synthetic (seed ${facts.seed}).
Made by tilth; \`manifest.json\` holds the hash of every file.
${
  facts.rows === null
    ? ''
    : `
It was made from all ${facts.rows} real training rows, and so was never scored itself: none was left to score it on. The
report of its run says what sets made in the same way from parts of these rows were worth on the rows left out.
`
}
| task | kind | examples |
| --- | --- | ---: |
${tasks.join('\n')}

## Where the synthetic examples come from

| generator | kind | fitted on |
| --- | --- | --- |
${generators.join('\n')}

${
  facts.local
    ? 'Some of these examples were drawn from a model fitted on rows that may not be shared. This is synthetic data ' +
      'without a differential-privacy guarantee: decide with the owner of those rows before it leaves this machine.'
    : 'No row that may not be shared was used. This is synthetic data without a differential-privacy guarantee.'
}

## Columns

\`messages\` is the conversation (role, content); \`task\` names what is learned; \`attributes\` says what the example
covers; \`weight\` is its relative weight; \`origin\` is its whole lineage: real (source, record) or synthetic
(generator, seed, cell, fitted model).
`
}

function sizeCategory(examples: number): string {
  if (examples < 1_000) return 'n<1K'
  if (examples < 10_000) return '1K<n<10K'
  if (examples < 100_000) return '10K<n<100K'
  return '100K<n<1M'
}
