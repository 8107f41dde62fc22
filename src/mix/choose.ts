import { normalCdf, normalQuantile, studentQuantile } from '../stats/distributions.ts'
import { isSameArm, type SearchArm, syntheticPerReal } from './search-arms.ts'

/** One arm as the inner cross-validation found it. Scores are fractions; `difference` is that to real only, pair by pair. */
export interface MeasuredArm extends SearchArm {
  /** The inverse strength of the penalty that suits it best. */
  readonly C: number
  readonly score: number
  readonly difference: number
  /** Of the difference, corrected for the rows that folds share; 0 for real only. */
  readonly standardError: number
  /** Degrees of freedom of the standard error; null for real only, which has none. */
  readonly freedom: number | null
}

/**
 * `found`: a mixture is better than real only beyond one standard error. `real-only`: none is, and the declared one is
 * worse by more than one. `declared`: no difference that is more than noise. `unsearched`: nothing could be compared.
 */
export type SearchOutcome = 'found' | 'real-only' | 'declared' | 'unsearched'

export interface Choice extends SearchArm {
  readonly C: number
  readonly outcome: SearchOutcome
}

/**
 * Standard errors by which one of so many mixtures must be better than real only: one for a single mixture. Of equals, one
 * gets by that one time in six; the best of six got by in 7 of 16 draws where there was nothing to find
 * (bench/mix-search.ts). So each of several is asked for as much as lets all of them together by one time in six, after
 * Sidak (1967): 1.4 for two, 1.9 for six.
 */
export function errorsAsked(mixtures: number): number {
  return mixtures <= 1 ? 1 : normalQuantile(normalCdf(1) ** (1 / mixtures))
}

/**
 * The one-standard-error rule (Breiman, Friedman, Olshen and Stone 1984, section 3.4.3) against real only. A mixture is
 * eligible where its mean difference to real only is above zero by more than `errorsAsked` standard errors; of these, the
 * fewest synthetic rows that come within one standard error of the best one's difference. With none eligible it is real
 * only where the declared mixture lies more than one standard error below it, and else the declared mixture. `compared`
 * counts the mixtures that the search began with. Throws where real only or the declared mixture was not measured.
 */
export function chooseMixture(
  arms: readonly MeasuredArm[],
  { declared, compared }: { readonly declared: SearchArm; readonly compared: number },
): Choice {
  const measured = (wanted: SearchArm): MeasuredArm => {
    const arm = arms.find(each => isSameArm(each, wanted))
    if (arm === undefined) throw new Error(`search: ${wanted.perReal} per real was not measured`)
    return arm
  }
  const real = measured({ perReal: 0, keep: 'all' })
  const fallback = measured(declared)
  const eligible = arms.filter(
    arm => arm !== real && arm.difference > errorsAsked(compared) * arm.standardError,
  )
  if (eligible.length === 0) {
    return fallback.difference < -fallback.standardError
      ? choiceOf(real, 'real-only')
      : choiceOf(fallback, 'declared')
  }
  const [best] = eligible.toSorted((a, b) => b.difference - a.difference)
  const [cheapest] = eligible
    .filter(arm => arm.difference >= best!.difference - best!.standardError)
    .toSorted((a, b) => syntheticPerReal(a) - syntheticPerReal(b) || b.difference - a.difference)
  return choiceOf(cheapest!, 'found')
}

function choiceOf({ perReal, keep, C }: MeasuredArm, outcome: SearchOutcome): Choice {
  return { perReal, keep, C, outcome }
}

/**
 * The smallest true difference to real only that the rule finds four times in five: it asks for `errorsAsked`
 * standard errors, and the estimate falls short of the truth by more than t of 0.8 standard errors one time in five. Of several mixtures
 * the largest, so that it holds whichever is the better one; null without any.
 */
export function searchDetects(arms: readonly MeasuredArm[], compared: number): number | null {
  const each = arms
    .filter(({ perReal }) => perReal > 0)
    .map(
      ({ standardError, freedom }) =>
        (errorsAsked(compared) + studentQuantile(0.8, freedom ?? Infinity)) * standardError,
    )
  return each.length === 0 ? null : Math.max(...each)
}
