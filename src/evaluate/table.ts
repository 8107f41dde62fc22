import type { ScoreTable } from '../stats/crossed.ts'
import { partsOfGroups, scoreAnswers, type Metric } from './metric.ts'
import type { Answer, Outcome } from './outcome.ts'

/** The groups of held-out items that every outcome answers, in a fixed order. */
export interface Items {
  readonly groups: readonly string[]
  /** Number of single items in them. */
  readonly count: number
}

/** Groups by name in sorted order. Throws where two outcomes did not answer the same items. */
export function sharedItems(outcomes: readonly Outcome[]): Items {
  const [first] = outcomes
  if (first === undefined || first.answers.length === 0) throw new Error('evaluate: no answers to compare')
  const wanted = itemKeys(first)
  for (const outcome of outcomes) {
    const keys = itemKeys(outcome)
    const stray = [...keys].find(key => !wanted.has(key)) ?? [...wanted].find(key => !keys.has(key))
    if (stray !== undefined || keys.size !== outcome.answers.length)
      throw new Error(
        `evaluate: ${outcome.task}: arm "${outcome.arm}", replicate ${outcome.replicate}, did not answer the same items` +
          ` as arm "${first.arm}", replicate ${first.replicate}${stray === undefined ? '' : `: ${stray}`}`,
      )
  }
  return { groups: [...new Set(first.answers.map(({ group }) => group))].sort(), count: wanted.size }
}

function itemKeys({ answers }: Outcome): Set<string> {
  return new Set(answers.map(({ id, group, gold }) => `${id}, group ${group}, gold answer ${gold}`))
}

/** Each outcome's score and the part each group has in it. */
export function tabulate(metric: Metric, outcomes: readonly Outcome[], items: Items): ScoreTable {
  return {
    scores: outcomes.map(({ answers }) => scoreAnswers(metric, answers)),
    parts: outcomes.map(({ answers }) => partsOfGroups(metric, gather(answers, items))),
  }
}

function gather(answers: readonly Answer[], { groups }: Items): readonly (readonly Answer[])[] {
  const byGroup = new Map<string, Answer[]>(groups.map(group => [group, []]))
  for (const answer of answers) byGroup.get(answer.group)!.push(answer)
  return [...byGroup.values()]
}
