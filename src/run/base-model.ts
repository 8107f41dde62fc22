import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { CachedModel } from '../base/cache.ts'
import { isToFetch } from '../base/locate.ts'
import { hashFile, writeFileAtomic } from '../data/file.ts'
import { hashOf } from '../data/hash.ts'
import { UserError } from '../error.ts'
import { inspectCheckpoint } from '../model/checkpoint.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { assertMemory, bytesNeeded, countWeights } from '../model/memory.ts'
import { adapterOf } from '../student/create.ts'
import type { StudentSettings } from '../student/options.ts'
import { findBase } from './place-base.ts'

/** A base model that a project's student starts from. */
export interface BaseModel {
  /** Follows from the content of all its files. */
  readonly hash: string
  readonly weights: number
  /** That its training takes, at least. */
  readonly bytes: number
  /** Of the hub, where it was fetched from there. */
  readonly commit: string | null
}

/** What a model is read from; whatever else lies in its folder is no part of it. */
const read =
  /^(?:config|generation_config|tokenizer|tokenizer_config|.*\.safetensors\.index)\.json$|^chat_template\.jinja$|\.safetensors$/

/**
 * Looks at the base model of a student of the project in `folder`, null where it has none or it is still to fetch: whether this program can train it and has
 * the memory for it, and what it is. Throws a UserError that names the file where it cannot, before any weights are
 * read. Hashes of files are kept under `.tilth` by size and time of change where `keep` says so.
 */
export async function inspectBase(
  student: StudentSettings,
  { folder, keep }: { readonly folder: string; readonly keep: boolean },
): Promise<BaseModel | null> {
  const found = findBase(student, folder)
  if (found === null || isToFetch(found)) return null
  const needed = (shape: DecoderConfig): number => bytesNeeded(shape, hasAdapter(student))
  const { config } = await inspectCheckpoint(found.path, shape =>
    assertMemory(needed(shape), process.availableMemory(), found.path),
  )
  const hashes = await hashBase(found.path, { folder, keep })
  if (found.model !== null) assertUnchanged(found.model, hashes)
  const source = found.model?.source
  return {
    hash: hashOf(hashes),
    weights: countWeights(config),
    bytes: needed(config),
    commit: source?.kind === 'hub' ? source.commit : null,
  }
}

/**
 * The content hash of every file of the base model at this path, by name. Known ones are taken from the project's folder,
 * and new ones kept there where `keep` says so.
 */
export async function hashBase(
  base: string,
  { folder, keep }: { readonly folder: string; readonly keep: boolean },
): Promise<Readonly<Record<string, string>>> {
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
  return hashes
}

function hasAdapter(student: StudentSettings): boolean {
  return student.use === 'decoder' && adapterOf(student) !== null
}

/** What was added is what was checked when it came: whoever changes a model keeps it in a folder of their own. */
function assertUnchanged(
  { name, folder, files }: CachedModel,
  hashes: Readonly<Record<string, string>>,
): void {
  const changed = files.find(file => hashes[file.name] !== undefined && hashes[file.name] !== file.sha256)
  if (changed === undefined) return
  throw new UserError(
    `${path.join(folder, changed.name)} is not what it was when the model ${name} was added.`,
    `Remove it with \`tilth model remove ${name}\` and add it again.`,
  )
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
