import { readFileSync } from 'node:fs'
import path from 'node:path'
import { writeExampleFiles } from '../../data/example-files.ts'
import type { Example } from '../../data/example.ts'
import { hashFile, writeFileAtomic } from '../../data/file.ts'
import { canonicalJson } from '../../data/hash.ts'
import { datasetCard } from '../../mix/card.ts'
import { mixExamples } from '../../mix/arms.ts'
import { type FilledMixture, renderEach, renderFilled } from './fill.ts'
import type { Maker } from './maker.ts'
import type { Codec } from '../store.ts'

/** The files of a mixture, each with its hash. */
export interface Manifest {
  readonly mixture: string
  readonly examples: number
  /** True where it descends from rows that may not leave the machine. */
  readonly local: boolean
  readonly files: Readonly<Record<string, string>>
}

/** A mixture ready to be written. Its examples are rendered as they are written: they may be a million. */
export interface MixedData {
  readonly mixture: string
  readonly local: boolean
  examples(): Iterable<Example>
  /** The dataset card of so many examples, by task and by whether they are real. */
  card(counts: ExampleCounts): string
}

interface ExampleCounts {
  readonly byTask: ReadonlyMap<string, number>
  readonly real: number
  readonly synthetic: number
}

/** Mixes the real examples with one mixture's synthetic ones, and writes its dataset card. */
export const makeMix: Maker<MixedData> = async ({ step, project, prepared, replicate, need }) => {
  const name = step.subject!
  const fill = await need<FilledMixture>(`fill:${name}@${replicate!.index}`)
  const how = { tasks: prepared.tasks, attributes: project.attributes, seed: replicate!.seed }
  return {
    mixture: name,
    local: step.local,
    examples: () => mixExamples(renderEach(replicate!.train, how), renderFilled(fill, how)),
    card: ({ byTask, real, synthetic }) =>
      datasetCard({
        project: project.name,
        mixture: name,
        seed: replicate!.seed,
        tasks: prepared.tasks.map(task => ({
          name: task.name,
          kind: task.kind,
          examples: byTask.get(task.name) ?? 0,
        })),
        real,
        synthetic,
        generators: project.mixtures[name]!.generators.map(generator => {
          const settings = project.generators[generator]!
          const sources = settings.use === 'records' ? settings.fitOn : undefined
          return {
            name: generator,
            use: settings.use,
            fittedOn: sources?.join(', ') ?? 'the real training rows',
          }
        }),
        local: step.local,
        rows: replicate!.index === 'all' ? replicate!.train.length : null,
      }),
  }
}

/** Parquet, JSONL, card, and a manifest with the hash of each. What is read back is the manifest. */
export const mixCodec: Codec<MixedData, Manifest> = {
  async write(folder, value) {
    const parquet = path.join(folder, 'train.parquet')
    const jsonl = path.join(folder, 'train.jsonl')
    const counts = { byTask: new Map<string, number>(), real: 0, synthetic: 0 }
    const examples = await writeExampleFiles({ parquet, jsonl }, counted(value.examples(), counts))
    await writeFileAtomic(path.join(folder, 'README.md'), value.card(counts))
    const files: [string, string][] = []
    for (const file of ['train.parquet', 'train.jsonl', 'README.md']) {
      files.push([file, await hashFile(path.join(folder, file))])
    }
    const manifest: Manifest = {
      mixture: value.mixture,
      examples,
      local: value.local,
      files: Object.fromEntries(files),
    }
    await writeFileAtomic(path.join(folder, 'manifest.json'), `${canonicalJson(manifest)}\n`)
  },
  async read(folder) {
    return JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest
  },
}

function* counted(
  examples: Iterable<Example>,
  counts: { byTask: Map<string, number>; real: number; synthetic: number },
): Iterable<Example> {
  for (const example of examples) {
    counts.byTask.set(example.task, (counts.byTask.get(example.task) ?? 0) + 1)
    counts[example.origin.kind]++
    yield example
  }
}
