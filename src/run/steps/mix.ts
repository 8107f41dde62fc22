import { readFileSync } from 'node:fs'
import path from 'node:path'
import { writeExampleFiles } from '../../data/example-files.ts'
import type { Example } from '../../data/example.ts'
import { hashFile, writeFileAtomic } from '../../data/file.ts'
import { canonicalJson } from '../../data/hash.ts'
import { datasetCard } from '../../mix/card.ts'
import { mixExamples } from '../../mix/arms.ts'
import { type FilledMixture, renderFilled, renderRows } from './fill.ts'
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

/** A mixture ready to be written: its examples and its dataset card. */
export interface MixedData {
  readonly mixture: string
  readonly local: boolean
  readonly examples: readonly Example[]
  readonly card: string
}

/** Mixes the real examples with one mixture's synthetic ones, and writes its dataset card. */
export const makeMix: Maker<MixedData> = async ({ step, project, prepared, replicate, need }) => {
  const name = step.subject!
  const fill = await need<FilledMixture>(`fill:${name}@${replicate!.index}`)
  const how = { tasks: prepared.tasks, attributes: project.attributes, seed: replicate!.seed }
  const real = renderRows(replicate!.train, how)
  const synthetic = renderFilled(fill, how)
  const examples = mixExamples(real, synthetic)
  const generators = project.mixtures[name]!.generators
  return {
    mixture: name,
    local: step.local,
    examples,
    card: datasetCard({
      project: project.name,
      mixture: name,
      seed: replicate!.seed,
      tasks: prepared.tasks.map(task => ({
        name: task.name,
        kind: task.kind,
        examples: examples.filter(example => example.task === task.name).length,
      })),
      real: real.length,
      synthetic: synthetic.length,
      generators: generators.map(generator => {
        const settings = project.generators[generator]!
        const sources = settings.use === 'records' ? settings.fitOn : undefined
        return {
          name: generator,
          use: settings.use,
          fittedOn: sources?.join(', ') ?? 'the real training rows',
        }
      }),
      local: step.local,
    }),
  }
}

/** Parquet, JSONL, card, and a manifest with the hash of each. What is read back is the manifest. */
export const mixCodec: Codec<MixedData, Manifest> = {
  async write(folder, value) {
    const parquet = path.join(folder, 'train.parquet')
    const jsonl = path.join(folder, 'train.jsonl')
    await writeExampleFiles({ parquet, jsonl }, value.examples)
    await writeFileAtomic(path.join(folder, 'README.md'), value.card)
    const files: [string, string][] = []
    for (const file of ['train.parquet', 'train.jsonl', 'README.md']) {
      files.push([file, await hashFile(path.join(folder, file))])
    }
    const manifest: Manifest = {
      mixture: value.mixture,
      examples: value.examples.length,
      local: value.local,
      files: Object.fromEntries(files),
    }
    await writeFileAtomic(path.join(folder, 'manifest.json'), `${canonicalJson(manifest)}\n`)
  },
  async read(folder) {
    return JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest
  },
}
