import { existsSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { PRIVATE } from '../data/file.ts'
import { UserError } from '../error.ts'
import { type NamedTensor, openSafetensors, writeSafetensors } from '../model/safetensors.ts'
import type { SavePlace, TrainingSave } from '../model/training-save.ts'
import type { Place } from './store.ts'

/** Where the trainings of a step are kept while they run: `.tilth/working/<key>`, or the same under `private`. */
function workingFolder(tilth: string, { key, local }: Place): string {
  return path.join(tilth, ...(local ? ['private'] : []), 'working', key)
}

/** Removes what is kept of a step's trainings, once its result is in the store. */
export function removeSaves(tilth: string, place: Place): void {
  rmSync(workingFolder(tilth, place), { recursive: true, force: true })
}

/** Keeps one training of a step as one safetensors file, replaced whole; `name` tells it from the step's others. */
export function openSaves(tilth: string, place: Place, name: string): SavePlace {
  const folder = workingFolder(tilth, place)
  const file = path.join(folder, `${name}.safetensors`)
  return {
    name: file,
    async read() {
      if (!existsSync(file)) return null
      try {
        return await readSave(file)
      } catch (error) {
        // Written whole, so damaged by something else: the training begins anew.
        if (error instanceof UserError || error instanceof SyntaxError) return null
        throw error
      }
    },
    async write(save) {
      mkdirSync(folder, { recursive: true, mode: place.local ? 0o700 : 0o755 })
      const { state, best, ...rest } = save
      const training = JSON.stringify({ ...rest, bestLoss: best?.devLoss ?? null })
      const tensors = new Map([...flat('state', state), ...flat('best', best?.learned ?? {})])
      await writeSafetensors(file, tensors, {
        metadata: { training },
        ...(place.local ? { mode: PRIVATE } : {}),
      })
    },
  }
}

function flat(part: string, arrays: TrainingSave['state']): readonly (readonly [string, NamedTensor])[] {
  return Object.entries(arrays).map(([name, values]) => [
    `${part}/${name}`,
    { shape: [values.length], values },
  ])
}

async function readSave(file: string): Promise<TrainingSave> {
  const opened = await openSafetensors(file)
  try {
    const { bestLoss, ...rest } = JSON.parse(opened.metadata['training'] ?? '') as Omit<
      TrainingSave,
      'state' | 'best'
    > & { readonly bestLoss: number | null }
    const parts: Record<string, Record<string, Float32Array>> = { state: {}, best: {} }
    for (const name of opened.entries.keys()) {
      const slash = name.indexOf('/')
      parts[name.slice(0, slash)]![name.slice(slash + 1)] = (await opened.read(name)).values
    }
    const best = bestLoss === null ? null : { devLoss: bestLoss, learned: parts['best']! }
    return { ...rest, state: parts['state']!, best }
  } finally {
    await opened.close()
  }
}
