import { createContext } from '../../context.ts'
import type { Example } from '../../data/example.ts'
import { answerOf } from '../../gaps/answer.ts'
import { type CurveForecast, errorOf, forecastCurve } from '../../gaps/forecast.ts'
import { findLabelNoise, type LabelNoise } from '../../gaps/label-noise.ts'
import { takeEvenly } from '../../gaps/even-order.ts'
import { designCurve, growLearningCurve } from '../../gaps/learning-curve.ts'
import { findWeakSlices, type WeakSlice } from '../../gaps/weak-slices.ts'
import { meanOf } from '../../stats/moments.ts'
import { createStudent, proxySettings } from '../../student/create.ts'
import type { ResolvedTask } from '../../task/render.ts'
import { learnableTasks } from '../../tune/tune.ts'
import { renderRows } from './fill.ts'
import type { Maker, MakerInput } from './maker.ts'

/** What the student's errors on real training rows that it did not see say of one task. */
export interface TaskCurve extends CurveForecast {
  readonly task: string
  readonly metric: string
  /** Examples that were learned from and answered, of so many. */
  readonly examples: number
  readonly of: number
  /** Mean error of the largest training sets; null where nothing was grown. */
  readonly error: number | null
  readonly slices: readonly WeakSlice[]
  readonly labels: LabelNoise | null
}

/**
 * Grows the learning curve of every task that the student learns, on real training rows alone, and reads weak slices and
 * doubtful labels from the answers of its largest training sets.
 */
export const makeCurve: Maker<readonly TaskCurve[]> = async input => {
  const { project, prepared, seed, step } = input
  const { learned } = learnableTasks(createStudent(proxySettings(project.student)), prepared.tasks)
  const examples = renderRows(prepared.train, { tasks: learned, attributes: project.attributes, seed })
  const curves: TaskCurve[] = []
  for (const [index, task] of learned.entries()) {
    const context = createContext({
      ...input.context,
      seed,
      name: `${step.name}/${task.name}`,
      progress: (done, total) => input.context.progress(index * total + done, learned.length * total),
    })
    curves.push(
      await curveOf(
        { ...input, context },
        task,
        examples.filter(each => each.task === task.name),
      ),
    )
  }
  return curves
}

async function curveOf(
  { project, context }: MakerInput,
  task: ResolvedTask,
  all: readonly Example[],
): Promise<TaskCurve> {
  const { examples: most, ...design } = designCurve(
    all.length,
    task.kind === 'label' ? task.labels!.length : 1,
  )
  const examples = takeEvenly(all, most, context.random.stream('examples'))
  const counts = { task: task.name, metric: task.metric, examples: examples.length, of: all.length }
  const groups = new Set(examples.map(({ group }) => group)).size
  const curve =
    design.shares.length === 0 || groups < design.folds
      ? []
      : await growLearningCurve(
          createStudent(proxySettings(project.student)),
          { task, examples, classWeights: task.metric === 'macro-f1' ? 'balanced' : 'none' },
          { ...design, context },
        )
  const forecast = forecastCurve(task, examples, curve)
  const largest = curve.at(-1)
  if (largest === undefined || task.metric === 'mean-absolute-error')
    return { ...counts, ...forecast, error: null, slices: [], labels: null }
  const errors = examples.map((example, index) =>
    meanOf(largest.answers.map(answers => errorOf(task, answerOf(example), answers[index]!.text))),
  )
  return {
    ...counts,
    ...forecast,
    error: meanOf(errors),
    slices: findWeakSlices(withAnswer(examples, task), errors, { exponent: forecast.exponent }),
    labels: task.kind === 'label' ? findLabelNoise(examples, largest.answers) : null,
  }
}

/** A label is a slice too, whether or not the project names it among the attributes. */
function withAnswer(examples: readonly Example[], task: ResolvedTask): readonly Example[] {
  if (task.kind !== 'label') return examples
  return examples.map(example => ({
    ...example,
    attributes: { ...example.attributes, [task.answer]: answerOf(example) },
  }))
}
