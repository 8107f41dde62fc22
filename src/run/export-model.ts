import { UserError } from '../error.ts'
import { modelCard } from '../export/model-card.ts'
import type { ModelFormat } from '../export/model-format.ts'
import {
  adapterFiles,
  ggufFiles,
  mergedFiles,
  type FloatType,
  type ModelFile,
} from '../model/exported-files.ts'
import type { OpenCheckpoint } from '../model/checkpoint.ts'
import type { Quantisation } from '../model/gguf-decoder.ts'
import type { LoadedProject } from '../project/project.ts'
import type { Report } from '../report/report-schema.ts'
import { aboutBase, type BaseAbout } from './base-about.ts'
import { writeExportFolder } from './export-folder.ts'
import { placeOf } from './export-place.ts'
import { cardFacts, cautionsOf, type ExportedModel, ggufAbout, weightsIn } from './model-facts.ts'
import { findTuned, openLearned, openTuned, type TunedModel } from './tuned-model.ts'

/** Which tuned model is exported, and as what. */
export interface ModelExportRequest {
  readonly loaded: LoadedProject
  readonly run: { readonly id: string; readonly folder: string; readonly report: Report }
  readonly format: ModelFormat
  /** Left out, the first mixture's. */
  readonly arm?: string | undefined
  readonly task?: string | undefined
  readonly replicate?: number | undefined
  /** What the base model is called elsewhere; left out, as in the project. */
  readonly base?: string | undefined
  /** Of a merged model. */
  readonly dtype: FloatType
  /** Of a GGUF file. */
  readonly quantisation: Quantisation
  /** Left out, `exports/<name>` in the project, under .tilth/private for what may not leave the machine. */
  readonly out?: string | undefined
  readonly letLocalDataOut: boolean
  readonly signal: AbortSignal
  /** Told which share of it is written, from 0 to 1. */
  readonly progress?: (share: number) => void
}

/** What was written. */
export interface WrittenModel {
  readonly name: string
  readonly folder: string
  readonly format: string
  readonly run: string
  readonly arm: string
  readonly task: string
  readonly replicate: number
  readonly seed: number
  readonly base: string | null
  readonly local: boolean
  readonly bytes: number
  readonly cautions: readonly string[]
}

/**
 * Exports a model that a run trained: a LoRA adapter, a whole model or a GGUF file, with its card and a manifest, whole or
 * not at all. Weights are read and written one at a time; the same run gives the same bytes. Throws a UserError where
 * there is no such model, the form cannot hold it, or it would carry local data away.
 */
export async function exportModel(request: ModelExportRequest): Promise<WrittenModel> {
  const { loaded, run, format, signal, progress } = request
  const { seed } = run.report.project
  const tuned = await findTuned({ ...request, project: loaded.folder, run: { ...run, seed } })
  const form = formOf(request)
  const name = nameOf(request, tuned, form)
  const folder = placeOf({
    ...request,
    name,
    local: tuned.local,
    what: 'What this model was trained on descends',
    host: null,
  })
  const exported: ExportedModel = {
    name,
    project: loaded.project.name,
    format,
    form,
    tuned,
    base: await describeBase(request, tuned),
    report: run.report,
    file: fileName(`${loaded.project.name}-${tuned.arm}-${form.toUpperCase()}.gguf`),
  }
  const expected = weightsIn(exported) * bytesEach[form]
  const opened = await open(exported)
  let bytes = 0
  try {
    await writeExportFolder({
      folder,
      closed: tuned.local,
      signal,
      files: [
        ...opened.files,
        { path: 'README.md', content: [modelCard(cardFacts(exported))] },
        ...Object.entries(exported.base?.licenceFiles ?? {}).map(([file, text]) => ({
          path: file,
          content: [text],
        })),
      ],
      progress(written) {
        bytes = written
        progress?.(Math.min(1, written / expected))
      },
      seal: files => `${JSON.stringify({ version: 1, ...manifestOf(exported), files }, null, 2)}\n`,
    })
  } finally {
    await opened.close()
  }
  return { ...summaryOf(exported), folder, bytes, cautions: cautionsOf(exported) }
}

/** Bytes of a number; of `q8_0` most, since narrow matrices take two. */
const bytesEach: Readonly<Record<ExportedModel['form'], number>> = { f32: 4, f16: 2, bf16: 2, q8_0: 34 / 32 }

function formOf({ format, dtype, quantisation }: ModelExportRequest): ExportedModel['form'] {
  return format.name === 'gguf' ? quantisation : format.name === 'merged' ? dtype : 'f32'
}

function fileName(text: string): string {
  return text.replaceAll(/[^\w.-]+/gu, '-')
}

/** The run, the arm and the form; the task, the replicate and the numbers where they are not the usual ones. */
function nameOf({ run, format }: ModelExportRequest, tuned: TunedModel, form: string): string {
  const usual = format.name === 'gguf' ? 'f16' : 'f32'
  const parts = [
    run.id,
    tuned.arm,
    ...(tuned.tasks.length === 1 ? [] : [tuned.model.task.name]),
    ...(tuned.replicate === 0 ? [] : [`replicate-${tuned.replicate}`]),
    format.name,
    ...(form === usual ? [] : [form]),
  ]
  return fileName(parts.join('-'))
}

async function describeBase(
  { base: named, format }: ModelExportRequest,
  { arm, base, model, settings }: TunedModel,
): Promise<BaseAbout | null> {
  const why =
    base === null
      ? 'began from scratch'
      : model.lora === null
        ? 'had all the weights of its base trained'
        : null
  if (format.name === 'peft' && why !== null) {
    throw new UserError(
      `The model of "${arm}" ${why}: there is no adapter to export.`,
      'Export it as `--to merged` or `--to gguf`.',
    )
  }
  if (base !== null) return aboutBase({ path: base, written: settings.base!, named })
  if (named === undefined) return null
  throw new UserError(
    `The model of "${arm}" began from scratch: it has no base to be named.`,
    'Leave --base away.',
  )
}

/** Files whose weights are read while they are written. */
async function open(
  exported: ExportedModel,
): Promise<{ readonly files: readonly ModelFile[]; readonly close: OpenCheckpoint['close'] }> {
  const { tuned, base, format, form, file } = exported
  const { config, chat, lora } = tuned.model
  if (format.name === 'peft') {
    const { read, close } = await openLearned(tuned)
    return { files: adapterFiles({ config, chat }, { options: lora!, base: base!.name, read }), close }
  }
  const whole = await openTuned(tuned)
  try {
    const files =
      format.name === 'merged'
        ? mergedFiles(whole, { dtype: form as FloatType })
        : ggufFiles(whole, {
            path: file,
            quantisation: form as Quantisation,
            about: ggufAbout(exported),
          })
    return { files, close: whole.close }
  } catch (error) {
    await whole.close()
    throw error
  }
}

function summaryOf({
  name,
  format,
  tuned,
  base,
}: ExportedModel): Omit<WrittenModel, 'folder' | 'bytes' | 'cautions'> {
  return {
    name,
    format: format.name,
    run: tuned.run,
    arm: tuned.arm,
    task: tuned.model.task.name,
    replicate: tuned.replicate,
    seed: tuned.seed,
    base: base?.name ?? null,
    local: tuned.local,
  }
}

function manifestOf(exported: ExportedModel): Readonly<Record<string, unknown>> {
  const { format, form, tuned, base } = exported
  return {
    ...summaryOf(exported),
    form,
    checkedAgainst: format.checkedAgainst,
    licence: base?.licence ?? null,
    examples: tuned.counts,
    from: { key: tuned.key },
  }
}
