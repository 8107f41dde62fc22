import { type Gaps, measureGaps } from '../../gaps/measure.ts'
import type { Maker } from './maker.ts'

/** Counts what the real training rows cover against the target, for the first mixture. */
export const makeGaps: Maker<Gaps> = async ({ project, prepared }) => {
  const [mixture] = Object.values(project.mixtures)
  return measureGaps({
    rows: prepared.train.map(({ row }) => row),
    attributes: project.attributes,
    target: project.target,
    synthetic: Math.round((mixture?.perReal ?? 0) * prepared.train.length),
  })
}
