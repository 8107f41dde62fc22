import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

/** A folder for the files of one test file, removed after its tests. */
export function scratchFolder(): {
  path: string
  write(name: string, content: string | Uint8Array): Promise<string>
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'tilth-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    path: folder,
    /** Writes a file of it, each call in a folder of its own, and returns its path. */
    async write(name, content) {
      const inner = path.join(folder, String(files++))
      await mkdir(inner)
      const file = path.join(inner, name)
      await writeFile(file, content)
      return file
    },
  }
}

let files = 0

/** Where the real data sets lie that some tests and benchmarks read; they are not part of the project. */
export const sharedData = path.resolve('../shared/data')
