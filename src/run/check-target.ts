import type { TracedRow } from '../data/row.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import type { Project } from '../project/schema.ts'
import { compileConstraints } from '../task/constraint.ts'
import { count, countAnswers, examples, few, labelTasks, type RowWarning } from './row-warning.ts'

/** More values of an attribute than this leave most cells without a row. */
const mostValues = 50

/** Shares for values that no row has: new ones, or ones that are written otherwise. */
export function checkTargets(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
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

/** Attributes that are often missing, or have so many values that no cell has rows. */
export function checkAttributes(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
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

/** Constraints that real rows break. */
export function checkConstraints(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
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
