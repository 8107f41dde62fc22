import { type Passage, planFills, planFits, planMixes } from './plan-replicate.ts'
import { planSearches } from './plan-search.ts'
import type { PlanInput, PlannedStep } from './plan.ts'

/**
 * In the scarce regime, one passage more: fit, search, fill and mix on all training rows. Every fold leaves rows out, to
 * be scored on them; a training set for use elsewhere should not. It is never scored, and nothing that is follows from it.
 */
export function planPublished(
  input: PlanInput,
  given: Pick<Passage, 'prepare' | 'rival' | 'step'>,
): readonly PlannedStep[] {
  if (input.regime === 'sealed') return []
  const passage: Passage = { ...given, replicate: 'all', loop: { rows: 'all' }, searched: null }
  const fits = planFits(input, passage)
  const searched = planSearches(input, passage)
  const fills = planFills(input, passage, { fits, searched })
  return [...fits, ...searched, ...fills, ...planMixes(input.project, passage, fills)]
}
