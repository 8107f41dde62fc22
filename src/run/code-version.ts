import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../data/hash.ts'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const versions = new Map<string, string>()

/**
 * Hash of the program text of some rooms (folders of src/, or of the built package), so that a step is made again
 * when its own code changed and only then. Tests do not count; the versions of the dependencies do.
 */
export function codeVersion(rooms: readonly string[]): string {
  return sha256(['', ...rooms].map(roomVersion).join('\n'))
}

function roomVersion(room: string): string {
  const known = versions.get(room)
  if (known !== undefined) return known
  const version = room === '' ? dependencyVersion() : folderVersion(path.join(root, room))
  versions.set(room, version)
  return version
}

function folderVersion(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /(?<!\.test|\.d)\.[jt]s$/.test(file))
    .toSorted()
  return sha256(files.map(file => `${file}\0${readFileSync(path.join(folder, file), 'utf8')}`).join('\0'))
}

function dependencyVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(root, '..', 'package.json'), 'utf8')) as {
    version: string
    dependencies: Record<string, string>
  }
  const engine = process.versions.node.split('.')[0]
  return sha256(JSON.stringify([manifest.version, manifest.dependencies, engine]))
}
