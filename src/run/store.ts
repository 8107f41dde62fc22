import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../data/file.ts'
import { canonicalJson } from '../data/hash.ts'

/** How a result is written into its folder and read back. What is read equals what was written, or sums it up. */
export interface Codec<Written, Read = Written> {
  write(folder: string, value: Written): Promise<void>
  read(folder: string): Promise<Read>
}

/** Where a result is kept: `local` ones, which descend from rows that may not leave the machine, apart. */
export interface Place {
  readonly key: string
  readonly local: boolean
}

/** Results by key, shared by all runs of a project folder. */
export interface Store {
  has(place: Place): boolean
  folderOf(place: Place): string
  /** Writes a result under its key; whole or not at all. */
  put<Value>(place: Place, codec: Codec<Value, unknown>, value: Value): Promise<void>
}

/** A result kept as one JSON file. */
export function jsonCodec<Value>(): Codec<Value> {
  return {
    async write(folder, value) {
      await writeFileAtomic(path.join(folder, 'value.json'), canonicalJson(value))
    },
    async read(folder) {
      return JSON.parse(readFileSync(path.join(folder, 'value.json'), 'utf8')) as Value
    },
  }
}

/** The folder of a result, whether it is there or not: `.tilth/store/<key>`, or `.tilth/private/store/<key>`. */
export function resultFolder(tilthFolder: string, { key, local }: Place): string {
  return path.join(tilthFolder, ...(local ? ['private'] : []), 'store', key)
}

/**
 * Opens the store of a project folder: `.tilth/store`, and `.tilth/private/store` (readable by its owner alone).
 * A result is written to a temporary folder and renamed, so a key that exists is whole.
 * Open it with the folder's lock held: left-over temporary folders are removed.
 */
export function openStore(tilthFolder: string): Store {
  const folders = { open: path.join(tilthFolder, 'store'), local: path.join(tilthFolder, 'private', 'store') }
  mkdirSync(folders.open, { recursive: true })
  mkdirSync(path.join(tilthFolder, 'private'), { recursive: true, mode: 0o700 })
  mkdirSync(folders.local, { recursive: true, mode: 0o700 })
  for (const folder of Object.values(folders)) {
    for (const name of readdirSync(folder)) {
      if (name.startsWith('making-')) rmSync(path.join(folder, name), { recursive: true, force: true })
    }
  }
  const folderOf = (place: Place): string => resultFolder(tilthFolder, place)

  return {
    folderOf,
    has: place => existsSync(folderOf(place)),
    async put(place, codec, value) {
      const folder = folderOf(place)
      const making = path.join(path.dirname(folder), `making-${place.key}`)
      rmSync(making, { recursive: true, force: true })
      mkdirSync(making, { mode: place.local ? 0o700 : 0o755 })
      await codec.write(making, value)
      if (place.local) closeToOthers(making)
      renameSync(making, folder)
    },
  }
}

function closeToOthers(folder: string): void {
  for (const name of readdirSync(folder)) chmodSync(path.join(folder, name), 0o600)
}
