import { contentOf } from '../data/content.ts'
import { createRandom } from '../data/random.ts'
import type { TracedRow, Value } from '../data/row.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { findConflicts } from '../gaps/conflicts.ts'
import { fewestSealedRows, type Project } from '../project/schema.ts'
import { columnsOf } from '../project/template.ts'
import { compileConstraints } from '../task/constraint.ts'
import { givesAway } from '../task/gives-away.ts'
import { createStudent } from '../student/create.ts'
import { resolveTask } from '../task/render.ts'
import { learnableTasks } from '../tune/tune.ts'
import { cellsOutOfReach } from './check-reach.ts'

/** Something about the data that a run would suffer from, and what to do about it. */
export interface RowWarning {
  readonly message: string
  readonly next: string
}

/** The rows of a project by the use of their sources: typed, and with their derived columns. */
export interface CheckedRows {
  readonly train: readonly TracedRow[]
  readonly fit: readonly TracedRow[]
  /** Of sources with use "test"; where there is none, a part of `train` is sealed. */
  readonly test: readonly TracedRow[]
}

/**
 * What is questionable in the rows, the worst first: leaks, then what cannot be learned or measured, then what is thin.
 * Every row may be looked at, since nothing is learned here. Values of local rows are counted, never quoted.
 */
export async function checkRows(
  project: Project,
  rows: CheckedRows,
  signal: AbortSignal,
): Promise<readonly RowWarning[]> {
  return [
    ...leaks(project, rows.train),
    ...sharedRows(rows),
    ...notLearned(project),
    ...labelsOnOneSide(project, rows),
    ...conflicts(project, rows.train),
    ...rareLabels(project, rows),
    ...missingAnswers(project, rows.train),
    ...targets(project, rows.train),
    ...(await cellsOutOfReach(project, rows, signal)),
    ...attributes(project, rows.train),
    ...brokenConstraints(project, rows.train),
    ...fewRows(project, rows),
  ]
}

/** Fewer training rows than this say next to nothing. */
const fewestTraining = 20
/** More values of an attribute than this leave most cells without a row. */
const mostValues = 50
const mostNamed = 8

function labelTasks(project: Project): readonly { name: string; answer: string; shown: readonly string[] }[] {
  return Object.entries(project.tasks).flatMap(([name, task]) => {
    if (task.kind !== 'label') return []
    const prompts = [...task.prompts, ...(task.heldOut ?? [])]
    const shown = new Set(prompts.flatMap(({ prompt }) => columnsOf(prompt)))
    return [{ name, answer: task.answer, shown: [...shown].filter(column => column !== task.answer) }]
  })
}

function leaks(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  return labelTasks(project).flatMap(({ name, answer, shown }) =>
    shown
      .filter(column => givesAway(column, rows, answer))
      .map(column => ({
        message: `Task "${name}" shows "${column}", which gives "${answer}" away in every row: it is probably known only afterwards.`,
        next: `Take it out of the prompts, or add it to \`drop\` of its source. Where it is known in time, a rule does what a model would.`,
      })),
  )
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

function sharedRows({ train, test }: CheckedRows): readonly RowWarning[] {
  if (test.length === 0) return []
  const known = new Set(train.map(({ row }) => contentOf(row)))
  const shared = test.filter(({ row }) => known.has(contentOf(row)))
  if (shared.length === 0) return []
  return [
    {
      message: `${count(shared.length, 'test row')} of ${test.length} ${shared.length === 1 ? 'is' : 'are'} among the training rows too${examples(shared)}: what was learned by heart scores as if it were understood.`,
      next: 'Take them out of one of the two files.',
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

function conflicts(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
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

/** Shares for values that no row has: new ones, or ones that are written otherwise. */
function targets(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  return Object.entries(project.target).flatMap(([attribute, wanted]) => {
    if (typeof wanted === 'string') return []
    const known = [...countAnswers(rows, attribute).keys()]
    const asked = Object.keys(wanted).filter(value => wanted[value]! > 0)
    const [strange, left] = [
      asked.filter(value => !known.includes(value)),
      known.filter(value => !(value in wanted)),
    ]
    return [
      ...(strange.length === 0
        ? []
        : [
            {
              message: `The target wants ${attribute} = ${few(strange)}, which no training row has.${didYouMean(strange[0]!, known)}`,
              next: `Seen are ${oneOf(known)}. A value that is new can only be made by rules.`,
            },
          ]),
      ...(left.length === 0
        ? []
        : [
            {
              message: `The target of ${attribute} leaves out ${few(left)}, so none of it is made.`,
              next: 'Give it a share where it is to be covered too.',
            },
          ]),
    ]
  })
}

function attributes(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  return project.attributes.flatMap(name => {
    const values = countAnswers(rows, name)
    const missing = rows.length - [...values.values()].reduce((sum, number) => sum + number, 0)
    const answered = labelTasks(project).some(({ answer }) => answer === name)
    return [
      ...(missing === 0 || answered
        ? []
        : [
            {
              message: `Attribute "${name}" is missing in ${missing} of ${rows.length} training rows; being missing counts as a value that examples must cover.`,
              next: 'Fill it in, or derive a column that is never missing.',
            },
          ]),
      ...(values.size <= mostValues || answered
        ? []
        : [
            {
              message: `Attribute "${name}" has ${values.size} values, so hardly any combination of attributes has rows.`,
              next: 'Derive a coarser column from it, such as ranges or groups.',
            },
          ]),
    ]
  })
}

function brokenConstraints(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  const brokenBy = compileConstraints(project.constraints)
  const broken = Map.groupBy(rows, ({ row }) => brokenBy(row))
  return [...broken].flatMap(([constraint, own]) =>
    constraint === null
      ? []
      : [
          {
            message: `${count(own.length, 'real training row')} of ${rows.length} ${own.length === 1 ? 'breaks' : 'break'} the constraint \`${constraint}\`, which every made row must hold${examples(own)}.`,
            next: 'Put those rows right, or the constraint.',
          },
        ],
  )
}

function fewRows(project: Project, { train, test }: CheckedRows): readonly RowWarning[] {
  const isSealed = regimeOf(project, { train, test }) === 'sealed'
  const learned = isSealed && test.length === 0 ? train.length * (1 - project.split.test) : train.length
  const few: RowWarning[] = []
  if (learned < fewestTraining) {
    few.push({
      message: `There are ${Math.floor(learned)} training rows; with fewer than ${fewestTraining}, scores say next to nothing.`,
      next: 'Collect more before you judge by them.',
    })
  }
  if (test.length > 0 && !isSealed) {
    few.push({
      message: `The test source has ${test.length} rows, and ${fewestSealedRows} are the fewest that are sealed: all rows are cross-validated instead, those of the test source among them.`,
      next: `Add ${fewestSealedRows - test.length} test rows to measure on sealed ones.`,
    })
  }
  return few
}

function regimeOf(
  project: Project,
  { train, test }: Pick<CheckedRows, 'train' | 'test'>,
): 'sealed' | 'scarce' {
  if (project.evaluate.regime !== 'auto') return project.evaluate.regime
  const sealed = test.length > 0 ? test.length : train.length * project.split.test
  return sealed >= fewestSealedRows ? 'sealed' : 'scarce'
}

/** How often each value is there, as text; missing ones apart. */
function countAnswers(rows: readonly TracedRow[], column: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { row } of rows) {
    const value: Value = row[column] ?? null
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  return counts
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function answers(column: string, labels: readonly string[]): string {
  return `"${column}" is ${few(labels)}`
}

function few(names: readonly string[]): string {
  return names.length <= mostNamed
    ? oneOf(names)
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
}

/** The names of a few rows that may be told. */
function examples(rows: readonly TracedRow[]): string {
  const told = rows.filter(({ origin }) => origin.share === 'anyone').slice(0, 3)
  return told.length === 0
    ? ''
    : ` (${told.map(({ id }) => id).join(', ')}${rows.length > told.length ? ', …' : ''})`
}
