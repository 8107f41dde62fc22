import { existsSync } from 'node:fs'
import { cacheFolder, type CachedModel } from '../base/cache.ts'
import type { FetchEvents } from '../base/fetch-model.ts'
import { findModel, locateBase } from '../base/locate.ts'
import { readBaseSource } from '../base/source.ts'
import { formatBytes } from '../data/bytes.ts'
import { showFetch } from './fetch-progress.ts'
import { sourceOf } from './model-table.ts'
import type { Terminal } from './terminal.ts'

/** Fetches or copies a model into the cache and says how it is named from now on. */
export async function addModel(
  asked: { readonly written: string; readonly name: string | undefined; readonly json: boolean },
  terminal: Terminal,
): Promise<void> {
  const before = Date.now()
  const progress = showFetch(terminal)
  let model: CachedModel
  try {
    model = await bringModel(asked, progress, terminal.signal)
  } finally {
    progress.stop()
  }
  const isNew = Date.parse(model.added) >= before
  if (asked.json) {
    terminal.out(JSON.stringify({ added: isNew, model }, null, 2))
    return
  }
  terminal.out(`model:${model.name}`)
  terminal.note(
    isNew
      ? `${sourceOf(model)} was added, ${formatBytes(model.bytes)}: write \`base: model:${model.name}\` in a project, or \`--model model:${model.name}\`.`
      : `These very files are there already, as \`model:${model.name}\`; nothing was added.`,
  )
}

/** Brings a model into the cache from wherever it is; returns the one that is there already of the same bytes. */
export async function bringModel(
  { written, name }: { readonly written: string; readonly name: string | undefined },
  events: FetchEvents,
  signal: AbortSignal,
): Promise<CachedModel> {
  const cache = cacheFolder()
  const source = readBaseSource(written, process.cwd())
  const given = { cache, name, signal, events, now: Date.now }
  if (source.kind === 'added') return findModel(cache, source.name)
  if (source.kind === 'hub') {
    const [{ fetchModel }, { hubAccess }] = await Promise.all([
      import('../base/fetch-model.ts'),
      import('../base/hub-access.ts'),
    ])
    return fetchModel({ ...given, source, access: hubAccess(process.env) })
  }
  // Says what may have been meant where nothing is there.
  if (!existsSync(source.path)) locateBase(written, { folder: process.cwd(), cache })
  const { addLocalModel } = await import('../base/add-local.ts')
  return addLocalModel({ ...given, base: source.path })
}
