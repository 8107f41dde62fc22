import { createRandom } from '../data/random.ts'
import type { TracedRow } from '../data/row.ts'
import { didYouMean } from '../did-you-mean.ts'
import { findConflicts } from '../gaps/conflicts.ts'
import type { Project } from '../project/schema.ts'
import { createStudent } from '../student/create.ts'
import { resolveTask } from '../task/render.ts'
import { learnableTasks } from '../tune/tune.ts'
import {
  type CheckedRows,
  count,
  countAnswers,
  few,
  labelTasks,
  regimeOf,
  type RowWarning,
} from './row-warning.ts'

/** What keeps tasks from being learned or measured: their kind, and answers that are missing, rare or contradict. */
export function checkAnswers(project: Project, rows: CheckedRows): readonly RowWarning[] {
  return [
    ...notLearned(project),
    ...labelsOnOneSide(project, rows),
    ...checkConflicts(project, rows.train),
    ...rareLabels(project, rows),
    ...missingAnswers(project, rows.train),
  ]
}

/** Tasks that the project's student passes over, and why. */
function notLearned(project: Project): readonly RowWarning[] {
  const tasks = Object.entries(project.tasks).map(([name, task]) => ({ ...task, name }))
  const student = createStudent(project.student)
  const { learned, skipped } = learnableTasks(student, tasks)
  if (skipped.length === 0) return []
  const names = skipped.map(({ task }) => `"${task}"`).join(skipped.length === 2 ? ' and ' : ', ')
  const reasons = [...new Set(skipped.map(({ reason }) => reason))].join('; ')
  return [
    {
      message:
        learned.length === 0
          ? `The ${student.name} student learns no task of this project, so nothing is trained and nothing measured: ${reasons}.`
          : `The ${student.name} student does not learn ${names}, so whether synthetic examples help with ${skipped.length === 1 ? 'it' : 'them'} is not measured: ${reasons}.`,
      next: 'Gaps, rows and mixtures are made all the same: train a model of your own on the mixture.',
    },
  ]
}

function labelsOnOneSide(project: Project, { train, test }: CheckedRows): readonly RowWarning[] {
  if (test.length === 0) return []
  return labelTasks(project).flatMap(({ name, answer }) => {
    const [learned, asked] = [countAnswers(train, answer), countAnswers(test, answer)]
    const told = countAnswers(
      test.filter(({ origin }) => origin.share === 'anyone'),
      answer,
    )
    const unseen = [...asked.keys()].filter(label => !learned.has(label))
    const named = unseen.filter(label => told.has(label))
    const unasked = [...learned.keys()].filter(label => !asked.has(label))
    return [
      ...(unseen.length === 0
        ? []
        : [
            {
              message: `${named.length === unseen.length ? answers(answer, named) : `${count(unseen.length, 'answer')} of "${answer}" ${unseen.length === 1 ? 'is' : 'are'}`} only in test rows: no student of task "${name}" can ever say it.${named[0] === undefined ? '' : didYouMean(named[0], [...learned.keys()])}`,
              next: 'Collect training rows of it, or put right how it is written.',
            },
          ]),
      ...(unasked.length === 0
        ? []
        : [
            {
              message: `${answers(answer, unasked)} only in training rows: whether task "${name}" learned it is not measured.`,
              next: 'Put rows of it into the test source, or leave that source out: `split.test` then seals an even part.',
            },
          ]),
    ]
  })
}

/** Rows that ask a task the same and answer otherwise, and rows that are there more than once. */
export function checkConflicts(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  if (rows.length === 0) return []
  const tasks = Object.entries(project.tasks).map(([name, task]) =>
    resolveTask(name, task, { rows, random: createRandom(project.seed, `check/${name}`) }),
  )
  const found = findConflicts(rows, tasks)
  const told = found.tasks.flatMap(({ task, conflicting }) => {
    const example = found.examples.find(each => each.task === task)
    const named = example === undefined ? '' : `, for example ${example.rows.slice(0, 3).join(', ')}`
    return conflicting === 0
      ? []
      : [
          {
            message: `${conflicting} of ${rows.length} training rows ask task "${task}" what another asks and answer otherwise${named}.`,
            next: 'Put right those that are wrong, or show the columns that decide between them in the prompts.',
          },
        ]
  })
  if (found.duplicates === 0) return told
  return [
    ...told,
    {
      message: `${count(found.duplicates, 'training row')} of ${rows.length} ${found.duplicates === 1 ? 'repeats' : 'repeat'} an earlier one in every column.`,
      next: 'Take the repetitions out, or name in `group` of the source what must stay together: copies on both sides of a split make scores too good.',
    },
  ]
}

function rareLabels(project: Project, { train, test }: CheckedRows): readonly RowWarning[] {
  const { folds } = project.evaluate
  const isScarce = regimeOf(project, { train, test }) === 'scarce'
  const fewest = isScarce ? folds : 2
  return labelTasks(project).flatMap(({ name, answer }) => {
    const rare = [...countAnswers(train, answer)].filter(([, number]) => number < fewest)
    if (rare.length === 0) return []
    const named = rare.map(([label, number]) => `${label} (${number})`)
    return [
      {
        message: isScarce
          ? `Task "${name}": fewer rows than the ${folds} folds have "${answer}" = ${few(named)}, so some folds hold none of it.`
          : `Task "${name}": one row alone has "${answer}" = ${few(rare.map(([label]) => label))}; it can be learned or measured, not both.`,
        next: 'Collect more rows of it, or join it with another answer.',
      },
    ]
  })
}

function missingAnswers(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  return labelTasks(project).flatMap(({ name, answer }) => {
    const missing = rows.filter(({ row }) => (row[answer] ?? null) === null).length
    if (missing === 0) return []
    return [
      {
        message: `${count(missing, 'training row')} of ${rows.length} ${missing === 1 ? 'has' : 'have'} no "${answer}"; task "${name}" does not learn from ${missing === 1 ? 'it' : 'them'}.`,
        next: 'Fill it in where it is known.',
      },
    ]
  })
}

function answers(column: string, labels: readonly string[]): string {
  return `"${column}" is ${few(labels)}`
}
