import { readFileSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../../data/file.ts'
import { canonicalJson } from '../../data/hash.ts'
import { readTracedRows, writeTracedRows } from '../../data/parquet.ts'
import { readSealed, writeSealed } from '../../data/seal.ts'
import { arraysCodec } from './arrays-codec.ts'
import type { FilledMixture } from './fill.ts'
import { mixCodec } from './mix.ts'
import type { StepKind } from '../plan.ts'
import type { Prepared } from './prepare.ts'
import { type Codec, jsonCodec } from '../store.ts'

/** The prepared rows: a Parquet file a part, the sealed one apart, and the rest as JSON. */
const prepareCodec: Codec<Prepared> = {
  async write(folder, { train, dev, fit, sealed, ...rest }) {
    await writeTracedRows(path.join(folder, 'train.parquet'), train)
    await writeTracedRows(path.join(folder, 'dev.parquet'), dev)
    await writeTracedRows(path.join(folder, 'fit.parquet'), fit)
    await writeSealed(path.join(folder, 'sealed'), sealed)
    await writeFileAtomic(path.join(folder, 'value.json'), canonicalJson(rest))
  },
  async read(folder) {
    const rest = JSON.parse(readFileSync(path.join(folder, 'value.json'), 'utf8')) as Omit<
      Prepared,
      'train' | 'dev' | 'fit' | 'sealed'
    >
    return {
      ...rest,
      train: await readTracedRows(path.join(folder, 'train.parquet')),
      dev: await readTracedRows(path.join(folder, 'dev.parquet')),
      fit: await readTracedRows(path.join(folder, 'fit.parquet')),
      sealed: await readSealed(path.join(folder, 'sealed')),
    }
  },
}

/** The accepted rows as Parquet, the rejected ones with their reasons as Parquet beside them, the counts as JSON. */
const fillCodec: Codec<FilledMixture> = {
  async write(folder, { accepted, rejected, ...rest }) {
    const verdicts = rejected.map(({ reason, detail }) => ({ reason, detail }))
    await writeTracedRows(path.join(folder, 'accepted.parquet'), accepted)
    await writeTracedRows(
      path.join(folder, 'rejected.parquet'),
      rejected.map(({ traced }) => traced),
    )
    await writeFileAtomic(path.join(folder, 'value.json'), canonicalJson({ verdicts, ...rest }))
  },
  async read(folder) {
    const { verdicts, ...rest } = JSON.parse(readFileSync(path.join(folder, 'value.json'), 'utf8')) as {
      verdicts: { reason: string; detail: string | null }[]
    } & Omit<FilledMixture, 'accepted' | 'rejected'>
    const rejected = await readTracedRows(path.join(folder, 'rejected.parquet'))
    return {
      accepted: await readTracedRows(path.join(folder, 'accepted.parquet')),
      rejected: rejected.map((traced, index) => ({ traced, ...verdicts[index]! })),
      ...rest,
    }
  },
}

/** How each kind of result is kept. */
export function codecOf(kind: StepKind): Codec<unknown, unknown> {
  if (kind === 'prepare') return prepareCodec as Codec<unknown>
  if (kind === 'fill') return fillCodec as Codec<unknown>
  if (kind === 'mix') return mixCodec as Codec<unknown, unknown>
  if (kind === 'tune' || kind === 'grow' || kind === 'preview-tune') return arraysCodec()
  return jsonCodec()
}
