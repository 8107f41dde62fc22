import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { hashFile, writeFileAtomic } from '../data/file.ts'
import { hashOf } from '../data/hash.ts'
import { UserError } from '../error.ts'
import { inspectCheckpoint } from '../model/checkpoint.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { assertMemory, bytesNeeded, countWeights } from '../model/memory.ts'
import { adapterOf, baseFolder } from '../student/create.ts'
import type { StudentSettings } from '../student/options.ts'

/** A base model that a project's student starts from. */
export interface BaseModel {
  /** Follows from the content of all its files. */
  readonly hash: string
  readonly weights: number
  /** That its training takes, at least. */
  readonly bytes: number
}

/** What a model is read from; whatever else lies in its folder is no part of it. */
const read =
  /^(?:config|generation_config|tokenizer|tokenizer_config|.*\.safetensors\.index)\.json$|^chat_template\.jinja$|\.safetensors$/

/**
 * Looks at the base model of a student of the project in `folder`, null where it has none: whether this program can train it and has
 * the memory for it, and what it is. Throws a UserError that names the file where it cannot, before any weights are
 * read. Hashes of files are kept under `.tilth` by size and time of change where `keep` says so.
 */
export async function inspectBase(
  student: StudentSettings,
  { folder, keep }: { readonly folder: string; readonly keep: boolean },
): Promise<BaseModel | null> {
  if (student.use !== 'decoder' || student.base === null) return null
  const base = baseFolder(student.base, folder)
  if (!existsSync(base))
    throw new UserError(
      `There is no folder or file ${base}, which should hold the base model.`,
      'Correct `student.base`: it is meant from the project file.',
    )
  const needed = (shape: DecoderConfig): number => bytesNeeded(shape, adapterOf(student) !== null)
  const { config } = await inspectCheckpoint(base, shape =>
    assertMemory(needed(shape), process.availableMemory(), base),
  )
  return {
    hash: await hashBase(base, folder, keep),
    weights: countWeights(config),
    bytes: needed(config),
  }
}

/** What follows from the content of all files of the base model at this path. Known hashes are taken from the project's folder. */
export async function hashBase(base: string, folder: string, keep: boolean): Promise<string> {
  const cache = path.join(folder, '.tilth', 'base-hashes.json')
  const known = readCache(cache)
  const hashes: Record<string, string> = {}
  const seen: Record<string, KeptHash> = {}
  for (const file of filesOf(base)) {
    const name = path.basename(file)
    const { size, mtimeMs } = statSync(file)
    const kept = known[file]
    const hash = kept?.size === size && kept.changed === mtimeMs ? kept.hash : await hashFile(file)
    hashes[name] = hash
    seen[file] = { size, changed: mtimeMs, hash }
  }
  const all = { ...known, ...seen }
  if (keep && hashOf(all) !== hashOf(known)) await writeFileAtomic(cache, `${JSON.stringify(all, null, 2)}\n`)
  return hashOf(hashes)
}

/** What a base model is read from: a GGUF file, or the files of its folder. */
function filesOf(base: string): readonly string[] {
  if (statSync(base).isFile()) return [base]
  return readdirSync(base)
    .filter(file => read.test(file))
    .toSorted()
    .map(name => path.join(base, name))
}

interface KeptHash {
  readonly size: number
  /** Milliseconds since 1970. */
  readonly changed: number
  readonly hash: string
}

/** A cache that cannot be read is made anew. */
function readCache(file: string): Readonly<Record<string, KeptHash | undefined>> {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, KeptHash>
  } catch {
    return {}
  }
}
