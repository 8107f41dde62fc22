import type { Report } from '../report/report-schema.ts'

type Judged = Pick<Report['uplift'][number], 'task' | 'metric' | 'value' | 'interval' | 'verdict'>

/** A score as people read it: metrics that are shares in percent points, errors as they are. */
export function formatScore(metric: string, value: number): string {
  return metric === 'mean-absolute-error' ? String(Number(value.toPrecision(4))) : (value * 100).toFixed(1)
}

/** `damage: helps, +6.1 (2.0 to 10.1)`. */
export function formatVerdict({ task, metric, value, interval, verdict }: Judged): string {
  const [low, high] = [interval.low, interval.high].map(figure => formatScore(metric, figure))
  return `${task}: ${verdict}, ${value > 0 ? '+' : ''}${formatScore(metric, value)} (${low} to ${high})`
}
