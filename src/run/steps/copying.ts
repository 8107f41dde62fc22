import type { Metric } from '../../validate/metric.ts'
import { measureCopying } from '../../validate/copying.ts'
import type { FilledMixture } from './fill.ts'
import type { FittedGenerator } from './fit.ts'
import type { Maker } from './maker.ts'

/** Replicates looked at: enough to spare every local row once, few enough to stay quick. */
const mostReplicates = 5

/**
 * How near the synthetic rows are to the private ones they descend from, for each generator fitted on local rows and
 * each replicate: matches with fitted rows against matches with rows that were spared from the fit.
 */
export const makeCopying: Maker<readonly Metric[]> = async ({
  project,
  prepared,
  replicates,
  context,
  need,
}) => {
  const rows = new Map(prepared.fit.map(traced => [traced.id, traced]))
  const figures: Metric[] = []
  for (const { index, spared } of replicates.slice(0, mostReplicates)) {
    for (const generator of Object.keys(project.generators)) {
      const fit = await need<FittedGenerator>(`fit:${generator}@${index}`)
      if (fit.share !== 'local') continue
      const synthetic = await rowsOf(generator, Object.keys(project.mixtures), index, need)
      const metric = measureCopying({
        synthetic,
        fitted: fit.rows.flatMap(id => rows.get(id) ?? []),
        heldOut: spared,
        columns: prepared.schema.columns,
      })
      figures.push({ ...metric, name: `copying by ${generator}, replicate ${index + 1}` })
    }
    context.progress(index + 1, Math.min(replicates.length, mostReplicates))
  }
  return figures
}

/** Accepted rows of one generator in one replicate, over all mixtures. */
async function rowsOf(
  generator: string,
  mixtures: readonly string[],
  replicate: number,
  need: <Value>(name: string) => Promise<Value>,
): Promise<FilledMixture['accepted']> {
  const fills = await Promise.all(
    mixtures.map(mixture => need<FilledMixture>(`fill:${mixture}@${replicate}`)),
  )
  return fills
    .flatMap(({ accepted }) => accepted)
    .filter(({ origin }) => origin.kind === 'synthetic' && origin.generator === generator)
}
