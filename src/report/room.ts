import { hasPoints } from './figure.ts'

/**
 * What of a difference of `smallest` or more there can be between an arm and a rival of this score: fractions lie in
 * [0, 1], so that a better arm differs from its rival by 1 - score at most, and a worse one by score. `worse` where only
 * harm can be that large, `none` where not even that can.
 */
export function roomFor(metric: string, score: number, smallest: number): 'both' | 'worse' | 'none' {
  if (!hasPoints(metric) || smallest <= 1 - score) return 'both'
  return smallest <= score ? 'worse' : 'none'
}
