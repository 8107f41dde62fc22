import { cacheFolder, type CachedModel } from '../base/cache.ts'
import { findModel } from '../base/locate.ts'
import { formatBytes } from '../data/bytes.ts'
import { inspectCheckpoint } from '../model/checkpoint.ts'
import { bytesNeeded, MOST_WEIGHTS } from '../model/memory.ts'
import { formatCount, sourceOf } from './model-table.ts'
import type { Terminal } from './terminal.ts'
import { formatTerms } from './text.ts'

/** What tilth can do with a model on this machine. Bytes are the least that a training takes. */
interface Tuning {
  readonly adapter: { readonly bytes: number; readonly fits: boolean }
  /** Null where it has more weights than can all be trained. */
  readonly allWeights: { readonly bytes: number; readonly fits: boolean } | null
  /** Bytes of memory that are free now. */
  readonly free: number
}

/** Shows all that is known of a model, and whether it can be tuned here. Throws UserError where there is none of that name. */
export async function showModel(written: string, json: boolean, terminal: Terminal): Promise<void> {
  const model = findModel(cacheFolder(), written.replace(/^model:/, ''))
  const tuning = await tuningOf(model)
  if (json) {
    terminal.out(JSON.stringify({ ...model, tuning }, null, 2))
    return
  }
  const { source } = model
  const terms: readonly (readonly [string, string])[] = [
    ['name', `model:${model.name}`],
    ['source', sourceOf(model)],
    ...(source.kind === 'hub' ? [['commit', source.commit] as const] : []),
    ['licence', model.licence ?? 'not said: look for it where the model comes from'],
    ['format', model.format === 'gguf' ? 'GGUF' : 'safetensors'],
    ['architecture', model.architecture],
    ['parameters', formatCount(model.weights)],
    ['context', `${model.context.toLocaleString('en-US')} tokens`],
    [
      'size',
      `${formatBytes(model.bytes)}, ${model.files.length === 1 ? 'one file' : `${model.files.length} files`}`,
    ],
    ['added', model.added],
    ['lies in', model.folder],
    ['an adapter', sayTuning(tuning.adapter, tuning.free)],
    [
      'all weights',
      tuning.allWeights === null
        ? `cannot all be tuned: at most ${formatCount(MOST_WEIGHTS)} can`
        : sayTuning(tuning.allWeights, tuning.free),
    ],
  ]
  terminal.out(formatTerms(terms, terminal.width, ''))
}

async function tuningOf(model: CachedModel): Promise<Tuning> {
  const { config } = await inspectCheckpoint(model.path, () => {})
  const free = process.availableMemory()
  const need = (hasAdapter: boolean): { bytes: number; fits: boolean } => {
    const bytes = bytesNeeded(config, hasAdapter)
    return { bytes, fits: bytes <= free }
  }
  return { adapter: need(true), allWeights: model.weights > MOST_WEIGHTS ? null : need(false), free }
}

function sayTuning({ bytes, fits }: Tuning['adapter'], free: number): string {
  return `${fits ? 'can be tuned here' : 'cannot be tuned here'}: at least ${formatBytes(bytes)} of memory, and ${formatBytes(free)} are free`
}
