import type { Example } from '../data/example.ts'
import { labelsOf, macroF1, macroF1WithoutEach } from '../stats/classification.ts'
import { normalQuantile } from '../stats/distributions.ts'
import { meanOf, varianceOf } from '../stats/moments.ts'
import { examplesFor, fitPowerLaw, forecastError, meanExponent, type PowerLaw } from '../stats/power-law.ts'
import { scoreItem } from '../task/score.ts'
import type { Task } from '../task/task.ts'
import { answerOf } from './answer.ts'
import type { CurvePoint } from './learning-curve.ts'

interface Range {
  readonly low: number
  readonly high: number
}

/** A score, by the task's metric, of a student trained on so many examples. */
interface ScorePoint {
  readonly examples: number
  readonly score: number
  readonly interval: Range
}

/** What the curve of a task says. Scores are by the task's own metric. */
export interface CurveForecast {
  readonly points: readonly ScorePoint[]
  /** Expected scores with what there is and with more; empty where nothing can be foretold. */
  readonly ahead: readonly ScorePoint[]
  /**
   * Further examples until the score is `gain` better; null where that is not in sight, and `high` null where it may
   * never be.
   */
  readonly more: {
    readonly gain: number
    readonly examples: number
    readonly low: number
    readonly high: number | null
  } | null
  /** How fast the error falls: examples to this power times the error above its floor is constant. Null where unknown. */
  readonly exponent: number | null
  /** The whole in a sentence or two. */
  readonly says: string
}

/** A score better by so much is what `more` counts the examples for: five points. */
const gain = 0.05
/** More than this many times the examples are no plan. */
const farthest = 20
/** A forecast for twice the examples that is less sure than this says nothing. */
const widest = 0.1

/**
 * The curve's scores with their intervals, and what a power law through them expects of more examples. Items vary
 * together over the sizes (jackknife over groups); training sets vary by themselves (between repeats). Tasks whose metric
 * is a distance have points alone. `times`: how many times the examples to look ahead to, 1 and 2 among them.
 */
export function forecastCurve(
  task: Task,
  examples: readonly Example[],
  curve: readonly CurvePoint[],
  times: readonly number[] = [1, 2, 4],
): CurveForecast {
  const judged = judgeCurve(task, examples, curve)
  const z = normalQuantile(0.975)
  const points = curve.map(({ size }, index) => {
    const half = z * Math.sqrt(judged.covariance[index * curve.length + index]!)
    return pointOf(size, judged.errors[index]!, [judged.errors[index]! - half, judged.errors[index]! + half])
  })
  const silent = { points, ahead: [], more: null, exponent: null }
  const why =
    task.metric === 'mean-absolute-error'
      ? 'the metric is a distance, whose curve is not forecast'
      : doubtOf(judged)
  if (why !== null) return { ...silent, says: `What more examples would bring cannot be foretold: ${why}.` }
  const law = fitPowerLaw(judged)
  const at = (size: number): ScorePoint => {
    const { value, interval } = forecastError(law, size)
    return pointOf(size, value, interval)
  }
  const twice = at(2 * examples.length)
  if (twice.interval.high - twice.interval.low > 2 * widest) {
    const range = `${hundredths(twice.interval.low)} to ${hundredths(twice.interval.high)}`
    const says = `What more examples would bring cannot be foretold: with ${twice.examples} the score may be anything from ${range}.`
    return { ...silent, says }
  }
  const now = at(examples.length).score
  const more = now + gain > 1 ? null : moreFor(law, examples.length)
  const ahead = times.map(each => at(each * examples.length))
  return { points, ahead, more, exponent: meanExponent(law), says: sentence(twice, { now, more }) }
}

/** Errors at each size, and how they vary. */
interface JudgedCurve {
  readonly sizes: readonly number[]
  readonly errors: readonly number[]
  readonly covariance: readonly number[]
}

function judgeCurve(task: Task, examples: readonly Example[], curve: readonly CurvePoint[]): JudgedCurve {
  const groups = [...Map.groupBy(examples.keys(), index => examples[index]!.group).values()]
  const perRepeat = curve.map(({ answers }) =>
    answers.map(given =>
      judgeAnswers(
        task,
        examples,
        groups,
        given.map(({ text }) => text),
      ),
    ),
  )
  const errors = perRepeat.map(repeats => meanOf(repeats.map(({ error }) => error)))
  const without = perRepeat.map(repeats =>
    groups.map((_, group) => meanOf(repeats.map(({ withoutEach }) => withoutEach[group]!))),
  )
  const relative = meanOf(
    perRepeat.map(
      (repeats, index) => varianceOf(repeats.map(({ error }) => error)) / Math.max(errors[index]!, 1e-9) ** 2,
    ),
  )
  const repeats = curve[0]?.answers.length ?? 1
  const covariance = curve.flatMap((_, row) =>
    curve.map((__, column) => {
      const shared = jackknifeCovariance(without[row]!, without[column]!)
      return row === column
        ? shared + (relative * errors[row]! ** 2) / repeats + unseenVariance(errors[row]!, groups.length)
        : shared
    }),
  )
  return { sizes: curve.map(({ size }) => size), errors, covariance }
}

/** The error of answers, and what it were without each group of examples. */
function judgeAnswers(
  task: Task,
  examples: readonly Example[],
  groups: readonly (readonly number[])[],
  texts: readonly string[],
): { readonly error: number; readonly withoutEach: readonly number[] } {
  const golds = examples.map(answerOf)
  if (task.kind === 'label' && task.metric === 'macro-f1') {
    const answers = golds.map((gold, index) => ({ gold, predicted: texts[index]! }))
    const labels = task.labels ?? labelsOf(answers)
    const seen = labels.filter(label => golds.includes(label))
    return {
      error: 1 - macroF1(answers, seen),
      withoutEach: Array.from(
        macroF1WithoutEach(
          groups.map(group => group.map(index => answers[index]!)),
          seen,
        ),
        f1 => 1 - f1,
      ),
    }
  }
  const errors = golds.map((gold, index) => errorOf(task, gold, texts[index]!))
  const total = errors.reduce((sum, error) => sum + error, 0)
  return {
    error: total / errors.length,
    withoutEach: groups.map(group => {
      const own = group.reduce((sum, index) => sum + errors[index]!, 0)
      return (total - own) / (errors.length - group.length)
    }),
  }
}

/** How wrong an answer is: 0 is right, and 1 is wrong altogether where the metric is no distance. */
export function errorOf(task: Task, gold: string, given: string): number {
  const score = scoreItem(task, gold, given)
  return task.metric === 'mean-absolute-error' ? score : 1 - score
}

/**
 * What the variance of a mean error lacks where few of the groups err: that of two right and two wrong ones more
 * (Agresti and Coull 1998).
 */
function unseenVariance(error: number, groups: number): number {
  const added = (groups * error + 2) / (groups + 4)
  return Math.max(0, (added * (1 - added)) / (groups + 4) - (error * (1 - error)) / groups)
}

/** (n − 1)/n times the sum of products of deviations (Efron and Stein 1981). */
function jackknifeCovariance(first: readonly number[], second: readonly number[]): number {
  const [middle, other] = [meanOf(first), meanOf(second)]
  const products = first.reduce((sum, value, index) => sum + (value - middle) * (second[index]! - other), 0)
  return (products * (first.length - 1)) / first.length
}

/** Why no power law is to be drawn through the points; null where one is. */
function doubtOf({ sizes, errors, covariance }: JudgedCurve): string | null {
  const last = sizes.length - 1
  if (sizes.length < 3) return 'there are too few examples to train on parts of them'
  const rise = errors[0]! - errors[last]!
  const variance = covariance[0]! + covariance[last * sizes.length + last]! - 2 * covariance[last]!
  const half = normalQuantile(0.975) * Math.sqrt(Math.max(0, variance))
  if (rise > half) return null
  const from = Math.round(sizes[0]!)
  const to = Math.round(sizes[last]!)
  return `from ${from} to ${to} examples the score changed by ${hundredths(rise)} ± ${hundredths(half)} points, which may be chance`
}

function moreFor(law: PowerLaw, examples: number): CurveForecast['more'] {
  const { value, interval } = examplesFor(law, examples, gain)
  if (value > farthest * examples) return null
  const high = Number.isFinite(interval[1]) ? Math.ceil(interval[1]) : null
  return { gain, examples: Math.ceil(value), low: Math.ceil(interval[0]), high }
}

function pointOf(examples: number, error: number, [low, high]: readonly [number, number]): ScorePoint {
  return {
    examples: Math.round(examples),
    score: scoreOf(error),
    interval: { low: scoreOf(high), high: scoreOf(low) },
  }
}

function scoreOf(error: number): number {
  return Math.min(1, Math.max(0, 1 - error))
}

function sentence(
  twice: ScorePoint,
  { now, more }: { readonly now: number; readonly more: CurveForecast['more'] },
): string {
  const bring = `With ${twice.examples} examples, twice as many, a score of ${hundredths(twice.score)} is expected (${hundredths(twice.interval.low)} to ${hundredths(twice.interval.high)}).`
  if (now + gain > 1)
    return `${bring} There is no room for ${100 * gain} points more: the ${hundredths(now)} expected now leave ${hundredths(1 - now)}.`
  if (more === null)
    return `${bring} For ${100 * gain} points more it takes over ${farthest} times as many, if it can be reached at all.`
  const range =
    more.high === null
      ? `${rounded(more.low)} or more, perhaps never`
      : `${rounded(more.low)} to ${rounded(more.high)}`
  return `${bring} For ${100 * gain} points more it takes about ${rounded(more.examples)} more examples (${range}).`
}

/** To two digits: nobody knows a third. */
function rounded(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString('en-US')
}

function hundredths(score: number): string {
  return (100 * score).toFixed(1).replace('-', '−')
}
