import type { CachedModel } from '../base/cache.ts'
import { formatHubName } from '../base/source.ts'
import { formatBytes } from '../data/bytes.ts'
import { formatTable } from './text.ts'

/** A line for each model that was added. */
export function formatModels(models: readonly CachedModel[]): string {
  return formatTable(
    ['name', 'architecture', 'parameters', 'size', 'context', 'licence', 'source', 'added'],
    models.map(model => [
      model.name,
      model.architecture,
      formatCount(model.weights),
      formatBytes(model.bytes),
      model.context,
      model.licence ?? '–',
      sourceOf(model),
      model.added.slice(0, 10),
    ]),
  )
}

/** Where a model came from, without the revision, which its commit stands for. */
export function sourceOf({ source }: CachedModel): string {
  return source.kind === 'path'
    ? source.path
    : `${formatHubName({ ...source, revision: null })}@${source.commit.slice(0, 10)}`
}

/** `134.5 million`, `1.24 billion`, `2,816`. */
export function formatCount(count: number): string {
  if (count < 1e5) return count.toLocaleString('en-US')
  const [value, word] = count < 1e9 ? [count / 1e6, 'million'] : [count / 1e9, 'billion']
  return `${Number(value.toPrecision(4))} ${word}`
}
