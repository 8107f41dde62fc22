import type { AdviseOptions } from './steps/advise.ts'
import { type Plan, type PlanInput, type PlannedStep, planStep } from './plan.ts'
import { descendsFromLocal } from './plan-replicate.ts'
import { generatorNamed } from './registry.ts'

/** Seconds to judge a candidate on one core, about. */
const secondsPerCandidate = 0.002
/** Candidates that a probe makes of each generator, about. */
const candidates = 1500

/** The step that gives advice: it stands beside the loop, made only when it is asked for. */
export function planAdvise(
  { project, seed, sizes }: Pick<PlanInput, 'project' | 'seed' | 'sizes'>,
  { steps }: Plan,
  options: AdviseOptions,
): PlannedStep {
  const named = (name: string): PlannedStep => steps.find(step => step.name === name)!
  const [mixture] = Object.values(project.mixtures)
  const mixed = mixture?.generators ?? []
  const seconds = mixed.map(name => {
    const settings = project.generators[name]!
    const size = { rows: sizes.train + sizes.fit, columns: sizes.columns, count: candidates }
    return generatorNamed(settings.use).estimate(settings, size) + candidates * secondsPerCandidate
  })
  return planStep(seed, {
    kind: 'advise',
    needs: [named('prepare'), named('gaps'), named('curve')],
    options: {
      ...options,
      mixture,
      generators: project.generators,
      validate: project.validate,
      constraints: project.constraints,
    },
    local: options.probe && mixed.some(generator => descendsFromLocal(project, generator)),
    seconds: options.probe ? seconds.reduce((sum, each) => sum + each, 0.1) : 0.1,
  })
}
