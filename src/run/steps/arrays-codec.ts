import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../../data/file.ts'
import { canonicalJson } from '../../data/hash.ts'
import { type NamedTensor, openSafetensors, writeSafetensors } from '../../model/safetensors.ts'
import type { Codec } from '../store.ts'

/** What stands in the JSON for an array: the name of its tensor. */
interface ArrayName {
  readonly $tensor: string
}

/** Plain data with arrays of 32-bit floats in it: JSON, and beside it one safetensors file where there are any. */
export function arraysCodec(): Codec<unknown> {
  return {
    async write(folder, value) {
      const tensors = new Map<string, NamedTensor>()
      const json = takeOut(value, [], { tensors, names: new Map() })
      if (tensors.size > 0) await writeSafetensors(path.join(folder, 'arrays.safetensors'), tensors)
      await writeFileAtomic(path.join(folder, 'value.json'), canonicalJson(json))
    },
    async read(folder) {
      const value: unknown = JSON.parse(readFileSync(path.join(folder, 'value.json'), 'utf8'))
      const file = path.join(folder, 'arrays.safetensors')
      return existsSync(file) ? putBack(value, await readArrays(file)) : value
    },
  }
}

/** A result whose arrays are read when they are asked for. */
export interface OpenArrays {
  /** As it was written, with `{ $tensor }` where an array stood. */
  readonly value: unknown
  /** The array at this path of keys, which must be one. */
  read(at: readonly string[]): Promise<Float32Array>
  close(): Promise<void>
}

/** Opens what `arraysCodec` wrote. */
export async function openArrays(folder: string): Promise<OpenArrays> {
  const value: unknown = JSON.parse(readFileSync(path.join(folder, 'value.json'), 'utf8'))
  const file = path.join(folder, 'arrays.safetensors')
  const opened = existsSync(file) ? await openSafetensors(file) : null
  return {
    value,
    async read(at) {
      if (opened === null) throw new RangeError(`${folder} has no arrays`)
      const named = at.reduce((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], value)
      return (await opened.read((named as ArrayName).$tensor)).values
    },
    close: async () => opened?.close(),
  }
}

interface Taken {
  readonly tensors: Map<string, NamedTensor>
  /** An array that stands in several places is written once. */
  readonly names: Map<Float32Array, string>
}

function takeOut(value: unknown, at: readonly string[], taken: Taken): unknown {
  if (value instanceof Float32Array) {
    const name = taken.names.get(value) ?? at.join('/')
    taken.names.set(value, name)
    taken.tensors.set(name, { shape: [value.length], values: value })
    return { $tensor: name } satisfies ArrayName
  }
  if (Array.isArray(value)) return value.map((item, index) => takeOut(item, [...at, String(index)], taken))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, takeOut(item, [...at, name], taken)]),
  )
}

async function readArrays(file: string): Promise<ReadonlyMap<string, Float32Array>> {
  const opened = await openSafetensors(file)
  try {
    const arrays = new Map<string, Float32Array>()
    for (const name of opened.entries.keys()) arrays.set(name, (await opened.read(name)).values)
    return arrays
  } finally {
    await opened.close()
  }
}

function putBack(value: unknown, arrays: ReadonlyMap<string, Float32Array>): unknown {
  if (Array.isArray(value)) return value.map(item => putBack(item, arrays))
  if (typeof value !== 'object' || value === null) return value
  const { $tensor: name } = value as Partial<ArrayName>
  if (name !== undefined && Object.keys(value).length === 1) return arrays.get(name) ?? value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, putBack(item, arrays)]))
}
