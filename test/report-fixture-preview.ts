import { previewSays, previewTaskSays } from '../src/report/preview-says.ts'
import type { Report } from '../src/report/report-schema.ts'

type Preview = NonNullable<Report['preview']>

const around = (metric: string, mean: number, half: number) => ({
  metric,
  mean,
  sd: half / 2,
  interval: { low: mean - half, high: mean + half },
})

function task(
  name: string,
  kind: string,
  metrics: readonly string[],
  means: readonly [number, number, number],
) {
  const [floor, real, mixed] = means
  const arm = (arm: string, mean: number, difference: number | null) => ({
    arm,
    figures: metrics.map((metric, index) => around(metric, mean / (1 + index), 0.03)),
    unparsed: kind === 'label' ? 0 : 0.12,
    difference:
      difference === null
        ? null
        : { value: difference, interval: { low: difference - 0.04, high: difference + 0.04 } },
  })
  const reported = {
    task: name,
    kind,
    metric: metrics[0]!,
    items: 200,
    floor,
    learned: Math.max(real, mixed) - 0.03 > floor,
    arms: [arm('real', real, null), arm('with-private', mixed, mixed - real)],
  }
  return { ...reported, says: previewTaskSays(reported, 'real') }
}

const losses = (last: number) =>
  Array.from({ length: 20 }, (_, part) => ({ upTo: 40 * (part + 1), loss: last + 4 / (part + 1) ** 2 }))

/** A decoder that learned to label and not to extract. */
export function reportedPreview(): Preview {
  const trained = { updates: 800, planned: 800, epochs: [] }
  const preview = {
    base: null,
    weights: 213_376,
    full: false,
    seeds: 3,
    rows: 200,
    ofRows: 1440,
    tasks: [
      task('damaged', 'label', ['macro-f1', 'accuracy'], [0.24, 0.31, 0.38]),
      task('facts', 'fields', ['field-f1', 'exact-match'], [0.26, 0.22, 0.25]),
    ],
    training: [
      { arm: 'real', ...trained, losses: losses(0.05) },
      { arm: 'with-private', ...trained, losses: losses(0.5) },
    ],
  }
  return { ...preview, says: previewSays(preview) }
}
