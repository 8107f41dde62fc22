import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../error.ts'
import { showShape } from '../tensor/shape.ts'
import { openSafetensors, type SafetensorsFile } from './safetensors.ts'

/** The weights of a Hugging Face folder, in one file or in several shards. */
export interface WeightFolder {
  /** Throws a UserError where a tensor is missing or of another shape; reads no more than the headers. */
  assertHas(name: string, shape: readonly number[]): void
  /** One tensor, widened to 32-bit floats. Throws a UserError where it is missing or of another shape. */
  read(name: string, shape: readonly number[]): Promise<Float32Array>
  close(): Promise<void>
}

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/u)) })

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names. Throws a UserError where neither
 * is there, where a shard is missing, or where a shard lacks a tensor that the index promises.
 */
export async function openWeights(folder: string): Promise<WeightFolder> {
  const sharded = existsSync(join(folder, INDEX))
  if (!sharded && !existsSync(join(folder, SINGLE))) {
    throw new UserError(
      `${folder} has neither ${SINGLE} nor ${INDEX}.`,
      'Give a folder with weights in the safetensors format, or a .gguf file by its own name; a .bin file cannot be read.',
    )
  }
  const fileOf = sharded ? await readIndex(folder) : null
  const opened = new Map<string, SafetensorsFile>()
  const close = async (): Promise<void> => {
    await Promise.all([...opened.values()].map(file => file.close()))
  }
  try {
    for (const file of new Set(fileOf?.values() ?? [SINGLE])) opened.set(file, await openShard(folder, file))
    for (const [name, file] of fileOf ?? []) assertHeld(opened.get(file)!, name)
  } catch (error) {
    await close()
    throw error
  }
  const fileWith = (name: string, shape: readonly number[]): SafetensorsFile => {
    const file = opened.get(fileOf?.get(name) ?? SINGLE)
    if (file === undefined) throw missingTensor(folder, name)
    const entry = file.entries.get(name)
    if (entry === undefined) throw missingTensor(folder, name)
    if (showShape(entry.shape) !== showShape(shape)) {
      throw new UserError(
        `${name} in ${file.path} has the shape ${showShape(entry.shape)}, and config.json makes it ${showShape(shape)}.`,
        'The weights and config.json belong to different models.',
      )
    }
    return file
  }
  return {
    close,
    assertHas: (name, shape) => void fileWith(name, shape),
    read: async (name, shape) => (await fileWith(name, shape).read(name)).values,
  }
}

async function readIndex(folder: string): Promise<ReadonlyMap<string, string>> {
  const path = join(folder, INDEX)
  try {
    return new Map(Object.entries(indexSchema.parse(JSON.parse(await readFile(path, 'utf8'))).weight_map))
  } catch (error) {
    throw new UserError(`${path} is no index of weights: it needs a weight_map of file names.`, undefined, {
      cause: error,
    })
  }
}

async function openShard(folder: string, file: string): Promise<SafetensorsFile> {
  if (!existsSync(join(folder, file))) {
    throw new UserError(
      `${folder} lacks ${file}, which ${INDEX} names.`,
      'The folder was not copied as a whole: fetch the missing shard.',
    )
  }
  return openSafetensors(join(folder, file))
}

function assertHeld(file: SafetensorsFile, name: string): void {
  if (file.entries.has(name)) return
  throw new UserError(`${file.path} lacks ${name}, which ${INDEX} says is in it.`, 'Fetch the folder again.')
}

function missingTensor(folder: string, name: string): UserError {
  return new UserError(
    `The weights in ${folder} have no ${name}.`,
    'They belong to another kind of model than config.json says, or are incomplete.',
  )
}
