import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Example } from './example.ts'
import { replaceFile } from './file.ts'
import { joinParquet, ROW_GROUP, writeExamples } from './parquet.ts'

/** Where examples are written, in one pass, as both kinds of file; `mode` as for `writeFileAtomic`. */
export interface ExampleFiles {
  readonly parquet: string
  readonly jsonl: string
  readonly mode?: number
}

/** Examples that are turned into text at once. */
const LINES = 1000

/**
 * Writes examples as they come: Parquet in row groups that `readExamples` reads, and JSON Lines. Never more than a row group
 * of them is in memory. Temporary names, then renamed; the same examples give the same bytes. Returns how many there were;
 * where `examples` throws, nothing is written.
 */
export async function writeExampleFiles(
  files: ExampleFiles,
  examples: Iterable<Example> | AsyncIterable<Example>,
): Promise<number> {
  const { parquet, jsonl, mode } = files
  await mkdir(dirname(parquet), { recursive: true })
  // Readable by its owner alone, as `mkdtemp` makes it.
  const folder = await mkdtemp(join(dirname(parquet), `.${basename(parquet)}.`))
  const parts: string[] = []
  let group: Example[] = []
  let count = 0

  async function writeGroup(): Promise<void> {
    const part = join(folder, `${parts.length}.parquet`)
    await writeExamples(part, group)
    parts.push(part)
    group = []
  }

  try {
    await replaceFile(
      jsonl,
      async temporary => {
        const file = await open(temporary, 'w')
        try {
          for await (const example of examples) {
            count = count + 1
            if (group.push(example) % LINES === 0) await file.write(linesOf(group.slice(-LINES)))
            if (group.length < ROW_GROUP) continue
            await file.write(linesOf(group.slice(group.length - (group.length % LINES))))
            await writeGroup()
          }
          await file.write(linesOf(group.slice(group.length - (group.length % LINES))))
        } finally {
          await file.close()
        }
        if (group.length > 0 || parts.length === 0) await writeGroup()
        await joinParquet(parquet, parts, mode)
      },
      mode,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return count
}

function linesOf(examples: readonly Example[]): string {
  return examples.map(example => `${JSON.stringify(example)}\n`).join('')
}
