import path from 'node:path'
import type { MeasuredUplift, ModelCardFacts, ModelData } from '../export/model-card.ts'
import type { ModelFormat } from '../export/model-format.ts'
import type { FloatType } from '../model/exported-files.ts'
import type { Quantisation } from '../model/gguf-decoder.ts'
import type { GgufEntries, GgufEntry } from '../model/gguf-write.ts'
import { countAdapter, countWeights } from '../model/memory.ts'
import type { Report } from '../report/report-schema.ts'
import type { BaseAbout } from './base-about.ts'
import type { TunedModel } from './tuned-model.ts'

/** A model that is to be exported, and what is known of it. */
export interface ExportedModel {
  /** Of the export. */
  readonly name: string
  readonly project: string
  readonly format: ModelFormat
  /** How its numbers are written. */
  readonly form: FloatType | Quantisation
  readonly tuned: TunedModel
  /** Null where it began from scratch. */
  readonly base: BaseAbout | null
  readonly report: Report
  /** Of the file that a tool is given. */
  readonly file: string
}

/** Numbers that are written. */
export function weightsIn({ format, tuned }: Pick<ExportedModel, 'format' | 'tuned'>): number {
  const { config, lora } = tuned.model
  return format.name === 'peft' && lora !== null ? countAdapter(config, lora) : countWeights(config)
}

/** What the model's card says. */
export function cardFacts(exported: ExportedModel): ModelCardFacts {
  const { name, project, format, form, tuned, base, report } = exported
  const { task, training, lora } = tuned.model
  const described = report.tasks.find(each => each.name === task.name)
  return {
    format,
    name,
    project,
    run: tuned.run,
    arm: tuned.arm,
    task: { name: task.name, kind: task.kind, system: systemOf(tuned) },
    wordings: described?.trainWordings ?? [],
    base,
    weights: weightsIn(exported),
    form: form.toUpperCase(),
    training: {
      seed: tuned.seed,
      replicate: tuned.replicate,
      replicates: tuned.replicates,
      regime: tuned.regime,
      updates: training.updates,
      lora,
    },
    data: dataOf(tuned, report),
    scores: scoresOf(tuned, report),
    uplift: upliftOf(tuned, report),
    usage: usageOf(exported),
    limits: [...cautionsOf(exported), ...limitsOf(exported)],
  }
}

/** What the model was told first in every example; null where nothing. */
export function systemOf({ model }: Pick<TunedModel, 'model'>): string | null {
  return 'system' in model.task ? (model.task.system ?? null) : null
}

function dataOf({ arm, counts, local }: TunedModel, { data, generation }: Report): ModelData {
  // `synthetic` has the synthetic rows of the first mixture alone.
  const mixture = arm === 'synthetic' ? generation.cells[0]?.mixture : arm
  const own = new Set(
    generation.cells.filter(cell => cell.mixture === mixture).map(({ generator }) => generator),
  )
  const generators = generation.generators.filter(({ name }) => counts.synthetic > 0 && own.has(name))
  const fits = generators.some(({ fittedOn }) => fittedOn?.share === 'local')
  const sources = data.sources.filter(
    ({ use, share }) =>
      (use === 'train' && counts.real > 0) || (use === 'fit' && (fits || share === 'anyone')),
  )
  return { ...counts, sources, generators, local }
}

function scoresOf({ arm, model }: TunedModel, { arms }: Report): ModelCardFacts['scores'] {
  const scored = arms.find(each => each.name === arm)?.tasks.find(({ task }) => task === model.task.name)
  return Object.entries(scored?.scores ?? {}).map(([metric, { mean, sd }]) => ({ metric, mean, sd }))
}

function upliftOf({ arm, model }: TunedModel, { uplift }: Report): MeasuredUplift | null {
  return uplift.find(each => each.arm === arm && each.task === model.task.name) ?? null
}

function usageOf({ format, base, file }: ExportedModel): ModelCardFacts['usage'] {
  if (format.name === 'gguf') return { language: 'sh', code: `llama-server --jinja --model ${file}` }
  const whole = format.name === 'merged'
  const name = base?.name ?? ''
  const place =
    base?.kind === 'gguf'
      ? `"the folder of the base", gguf_file=${JSON.stringify(path.basename(name))}, dtype="float32"`
      : `${JSON.stringify(name)}, dtype="float32"`
  const load = whole
    ? [
        'from transformers import AutoModelForCausalLM, AutoTokenizer',
        '',
        'model = AutoModelForCausalLM.from_pretrained(".")',
      ]
    : [
        'from peft import PeftModel',
        'from transformers import AutoModelForCausalLM, AutoTokenizer',
        '',
        `base = AutoModelForCausalLM.from_pretrained(${place})`,
        'model = PeftModel.from_pretrained(base, ".")',
      ]
  return { language: 'python', code: [...load, 'tokenizer = AutoTokenizer.from_pretrained(".")'].join('\n') }
}

/** What a person should act on, in full sentences: told when the export is written, and in its card. */
export function cautionsOf({ format, form, tuned, base }: ExportedModel): readonly string[] {
  const { regime, model } = tuned
  return [
    ...(base !== null && base.licence === null
      ? ['The base model does not state its licence beside its files: look it up before this is given away.']
      : []),
    ...(format.name === 'peft' && base?.kind === 'gguf'
      ? [
          'The base is a GGUF file, whose rounded numbers the adapter was trained beside: it belongs to these, which transformers reads with `gguf_file`, and not to the model that the file was made from. `--to merged` needs no base.',
          ...(model.config.rotary.scaling.type === 'default'
            ? []
            : [
                'Its positions are scaled, which transformers does not take from a GGUF file: beside it the adapter answers otherwise than here.',
              ]),
        ]
      : []),
    ...(format.name === 'peft' && base?.kind === 'folder' && !base.isKnown
      ? [
          `The adapter says that its base is "${base.name}": name it with --base as it is called where the adapter goes.`,
        ]
      : []),
    ...(regime === 'scarce'
      ? [
          'The run is a cross-validation: this model was trained on the rows of one fold, not on all real rows.',
        ]
      : []),
    ...(form === 'f32' || format.name === 'peft'
      ? []
      : [
          `Its numbers are rounded to ${form.toUpperCase()}, which was not done where it was measured: answers can differ where two are close.`,
        ]),
    ...(model.lora === null || base === null || format.name === 'peft' || base.kind === 'folder'
      ? []
      : ['The base is a GGUF file: its numbers stay as rough as that made them.']),
  ]
}

function limitsOf({ tuned }: ExportedModel): readonly string[] {
  const { task, config } = tuned.model
  const isFree = task.kind === 'text' || task.kind === 'chat'
  return [
    isFree
      ? 'It was measured with greedy answers: the likeliest token each time.'
      : `It was measured on answers held to the task's form (${task.kind === 'label' ? 'the likeliest of the labels' : 'a JSON Schema'}); where it writes freely it may leave that form.`,
    `A conversation with its answer has room for ${config.context.toLocaleString('en-US')} tokens.`,
    'It knows this one task, in wordings like those that it was trained on; what the base model knew besides may have suffered, and was not measured.',
  ]
}

/** What a GGUF file says of itself, besides what is needed to run it. */
export function ggufAbout({ name, base }: ExportedModel): GgufEntries {
  return new Map<string, GgufEntry>([
    ['general.name', text(name)],
    ...(base?.licence ? ([['general.license', text(base.licence)]] as const) : []),
    ...(base === null
      ? []
      : ([
          ['general.base_model.count', { type: 'uint32', value: 1 }],
          ['general.base_model.0.name', text(base.name)],
        ] as const)),
    ['general.tags', { type: 'strings', value: ['text-generation', 'tilth'] }],
  ])
}

function text(value: string): GgufEntry {
  return { type: 'string', value }
}
