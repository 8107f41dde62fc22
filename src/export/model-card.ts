import { stringify } from 'yaml'
import type { ModelFormat } from './model-format.ts'

/** What a model card says. */
export interface ModelCardFacts {
  readonly format: ModelFormat
  readonly name: string
  readonly project: string
  readonly run: string
  readonly arm: string
  readonly task: { readonly name: string; readonly kind: string; readonly system: string | null }
  /** Wordings that it was trained on. */
  readonly wordings: readonly string[]
  /** Null where it began from scratch. */
  readonly base: ModelBase | null
  /** Numbers in its weights; of an adapter, in that alone. */
  readonly weights: number
  /** How they are written, such as F16. */
  readonly form: string
  readonly training: {
    /** Seed of the replicate. */
    readonly seed: number
    readonly replicate: number
    readonly replicates: number
    readonly regime: 'sealed' | 'scarce'
    readonly updates: number
    readonly lora: { readonly rank: number; readonly alpha: number } | null
  }
  readonly data: ModelData
  /** Metric by name, of this arm over all replicates. */
  readonly scores: readonly { readonly metric: string; readonly mean: number; readonly sd: number }[]
  /** The confirmatory comparison of this arm; null where the run compared another. */
  readonly uplift: MeasuredUplift | null
  /** How it is loaded, as code. */
  readonly usage: { readonly language: string; readonly code: string }
  /** Further sentences on what to know. */
  readonly limits: readonly string[]
}

export interface ModelBase {
  readonly name: string
  readonly licence: string | null
}

/** What it was trained on. */
export interface ModelData {
  readonly real: number
  readonly synthetic: number
  readonly sources: readonly {
    readonly name: string
    readonly use: string
    readonly share: string
    readonly rows: number
  }[]
  readonly generators: readonly { readonly name: string; readonly kind: string }[]
  /** True where it descends from rows that may not be shared. */
  readonly local: boolean
}

/** As report.json has it. */
export interface MeasuredUplift {
  readonly metric: string
  readonly rival: string
  readonly armScore: number
  readonly rivalScore: number
  readonly value: number
  readonly interval: { readonly low: number; readonly high: number }
  readonly pAdjusted: number
  readonly verdict: 'helps' | 'no-evidence' | 'hurts'
  readonly items: number
  readonly replicates: number
  readonly cautions: readonly string[]
}

const verdicts = {
  helps: 'The synthetic examples helped.',
  'no-evidence': 'There is no evidence that the synthetic examples helped.',
  hurts: 'The synthetic examples hurt.',
}

/** The README.md of a model that is given away, with the YAML head that the Hugging Face hub reads. */
export function modelCard(facts: ModelCardFacts): string {
  const { format, name, project, run, arm, task, base, training, data } = facts
  const head = stringify({
    ...(base === null ? {} : { base_model: base.name }),
    ...(base?.licence ? { license: base.licence } : {}),
    library_name: format.library,
    pipeline_tag: 'text-generation',
    tags: ['tilth', ...(training.lora === null ? [] : ['lora']), ...(format.name === 'gguf' ? ['gguf'] : [])],
  })
  const { lora } = training
  return `---
${head}---

# ${name}

${upperFirst(format.title)}, tuned in the project ${project} for its task "${task.name}" (${task.kind}), on the training set \`${arm}\` of run ${run}. Made by tilth; \`manifest.json\` has the hash of every file.

| | |
| --- | --- |
| base | ${base === null ? 'none: it began from random weights' : base.name} |
| licence of the base | ${base === null ? 'none' : (base.licence ?? 'not stated beside the base: look it up before this is given away')} |
| trained | ${lora === null ? 'all weights' : `LoRA of rank ${lora.rank}, alpha ${lora.alpha}`}, ${training.updates} updates |
| seed | ${training.seed}: ${replicateText(training)} |
| weights | ${facts.weights.toLocaleString('en-US')}, written as ${facts.form} |
| read by | ${format.checkedAgainst} |

## How it is loaded

\`\`\`${facts.usage.language}
${facts.usage.code}
\`\`\`
${askedText(facts)}
## What it was trained on

${data.real} real examples and ${data.synthetic} synthetic ones.

| source or generator | kind | rows |
| --- | --- | ---: |
${[
  ...data.sources.map(each => `| ${each.name} | ${each.use}, share: ${each.share} | ${each.rows} |`),
  ...data.generators.map(each => `| ${each.name} | generator, ${each.kind} | |`),
].join('\n')}

${
  data.local
    ? 'A generator was fitted on rows that may not be shared, and this model was trained on what it made. There is no differential-privacy guarantee: decide with the owner of those rows before it leaves this machine.'
    : 'No row that may not be shared was used. There is no differential-privacy guarantee: a model can repeat what it was trained on.'
}

## What was measured

${measuredText(facts)}
## Limits

${facts.limits.map(limit => `- ${limit}`).join('\n')}
`
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function replicateText({ replicate, replicates, regime }: ModelCardFacts['training']): string {
  const which = `replicate ${replicate} of those from 0 to ${replicates - 1}`
  return regime === 'sealed'
    ? `${which}, trained on all real training rows`
    : `${which}, trained on the real rows of its fold alone`
}

function askedText({ task, wordings }: ModelCardFacts): string {
  const parts = [
    ...(task.system === null ? [] : [`It was trained with the system message:\n\n${quoted(task.system)}`]),
    ...(wordings.length === 0
      ? []
      : [
          `It was asked in these wordings, where the double braces stand for a row's values:\n\n${wordings.map(quoted).join('\n')}`,
        ]),
  ]
  return parts.length === 0 ? '' : `\n${parts.join('\n\n')}\n`
}

function quoted(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')
}

function measuredText({ arm, training, scores, uplift }: ModelCardFacts): string {
  const own = [
    '| metric | mean | standard deviation |',
    '| --- | ---: | ---: |',
    ...scores.map(({ metric, mean, sd }) => `| ${metric} | ${figure(mean)} | ${figure(sd)} |`),
  ].join('\n')
  const alone =
    scores.length === 0
      ? ''
      : `\nScores of \`${arm}\` over all ${training.replicates} replicates, on real rows held out of them:\n\n${own}\n`
  if (uplift === null)
    return `The run's one confirmatory comparison is of another training set; \`report.json\` of the run has it.\n${alone}`
  const { interval, cautions } = uplift
  return `${verdicts[uplift.verdict]} Measured on ${uplift.items} held-out real examples in ${uplift.replicates} replicates, against \`${uplift.rival}\`, the better of the training sets without synthetic examples:

| ${uplift.metric} | |
| --- | ---: |
| \`${arm}\` | ${figure(uplift.armScore)} |
| \`${uplift.rival}\` | ${figure(uplift.rivalScore)} |
| uplift, above 0 is better | ${figure(uplift.value)} |
| 95 % interval | ${figure(interval.low)} to ${figure(interval.high)} |
| p, after Holm | ${figure(uplift.pAdjusted)} |
| verdict | ${uplift.verdict} |
${cautions.length === 0 ? '' : `\n${cautions.map(caution => `- ${caution}`).join('\n')}\n`}${alone}`
}

function figure(value: number): string {
  return String(Number(value.toFixed(4)))
}
