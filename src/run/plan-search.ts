import { UserError } from '../error.ts'
import { planRungs } from '../mix/halving.ts'
import { armText, fewRows, mostMixtures, searchArms, type SearchSettings } from '../mix/search-arms.ts'
import { directivesFor } from '../review/apply.ts'
import type { Project } from '../project/schema.ts'
import { descendsFromLocal, type Passage } from './plan-replicate.ts'
import type { PlanInput, PlannedStep } from './plan.ts'
import { reviewKey } from './review.ts'
import { proxySettings } from '../student/create.ts'
import { examplesPerRow, innerFolds, repeatsFor } from './search-mixture.ts'

/** Measured, of short texts: 0.1 ms an example with two labels, 0.4 ms with seven; longer ones take longer. */
const exampleSeconds = 0.0004
/** Measured: a short made row is generated, judged and rendered in about a millisecond. */
const fillingSeconds = 0.001

/**
 * The searches of one replicate, by training rows alone. In the sealed regime the rows are the same in all replicates, so
 * that the first one's searches serve them all. Throws a UserError for more mixtures than so few rows can tell apart.
 */
export function planSearches(input: PlanInput, { prepare, replicate, loop, step }: Passage): PlannedStep[] {
  const { project, regime, review } = input
  return Object.entries(project.mixtures).flatMap(([subject, mixture], index) => {
    // An advice says itself how much the first mixture takes.
    if (mixture.search === undefined || (index === 0 && input.advice !== null)) return []
    const rows = rowsOfPassage(input)
    checkArms(subject, mixture.search, rows)
    return step({
      kind: 'search',
      subject,
      replicate,
      needs: [prepare],
      options: {
        mixture,
        settings: mixture.generators.map(generator => project.generators[generator]),
        validate: project.validate,
        constraints: project.constraints,
        attributes: project.attributes,
        target: project.target,
        student: proxySettings(project.student),
        loop: regime === 'scarce' ? loop : null,
        review: reviewKey(review === null ? null : directivesFor(review.directives, mixture.generators)),
      },
      local: mixture.generators.some(generator => descendsFromLocal(project, generator)),
      seconds: searchSeconds(project, mixture.search, rows),
    })
  })
}

/** Training rows that one replicate has. */
function rowsOfPassage({ regime, sizes, project }: PlanInput): number {
  const { folds } = project.evaluate
  return regime === 'sealed' ? sizes.train : Math.round((sizes.train * (folds - 1)) / folds)
}

function checkArms(mixture: string, search: SearchSettings, rows: number): void {
  const mixtures = searchArms(search).filter(({ perReal }) => perReal > 0)
  if (rows >= fewRows || mixtures.length <= mostMixtures) return
  throw new UserError(
    `mixtures.${mixture}.search compares ${mixtures.length} mixtures (${mixtures.map(armText).join('; ')}), but learns ` +
      `from ${rows} real rows: below ${fewRows}, at most ${mostMixtures} can be told apart from noise`,
    'Take fewer amounts in its `perReal`, or only "all" in its `keep`.',
  )
}

/** As if nothing were pruned, which is known only once it was measured. */
function searchSeconds(project: Project, search: SearchSettings, rows: number): number {
  const arms = searchArms(search)
  const tasks = Object.values(project.tasks).filter(({ kind }) => kind === 'label').length
  const given = { arms, strengths: search.C.length, tasks }
  return planRungs(rows).reduce((sum, size) => {
    const repeats = repeatsFor(size, given)
    const filled = repeats * (innerFolds - 1) * size * Math.max(...search.perReal)
    const examples = repeats * size * examplesPerRow(given)
    return sum + examples * exampleSeconds + filled * fillingSeconds
  }, 0)
}
