import type { ScoreTable } from '../stats/crossed.ts'
import { partsOfGroups, scoreAnswers, type Metric } from './metric.ts'
import type { Answer, Outcome } from './outcome.ts'

/** The held-out items that every outcome answers. */
export interface Items {
  /** Names of their groups, sorted. */
  readonly groups: readonly string[]
  /** One answer to each, by whichever arm: what the items and their gold answers are. */
  readonly answers: readonly Answer[]
}

/** What two outcomes have in common. Throws where they did not answer the same items. */
export function sharedItems(outcomes: readonly Outcome[]): Items {
  const [first] = outcomes
  if (first === undefined || first.answers.length === 0) throw new Error('evaluate: no answers to compare')
  const wanted = new Map(first.answers.map(answer => [answer.id, answer]))
  for (const { task, arm, replicate, answers } of outcomes) {
    const seen = new Set<string>()
    const stray = answers.find(
      answer => seen.has(answer.id) || !isSame(answer, wanted.get(answer.id)) || !seen.add(answer.id),
    )
    if (stray !== undefined || seen.size !== wanted.size)
      throw new Error(
        `evaluate: ${task}: arm "${arm}", replicate ${replicate}, did not answer the same items as arm "${first.arm}", ` +
          `replicate ${first.replicate}: ${stray ? `item ${stray.id} is not theirs` : `${seen.size} instead of ${wanted.size}`}`,
      )
  }
  return { groups: [...new Set(first.answers.map(({ group }) => group))].sort(), answers: first.answers }
}

function isSame(answer: Answer, other: Answer | undefined): boolean {
  return other !== undefined && answer.gold === other.gold && answer.group === other.group
}

/** Each outcome's score and the part each group has in it. */
export function tabulate(metric: Metric, outcomes: readonly Outcome[], { groups }: Items): ScoreTable {
  const places = new Map(groups.map((group, place) => [group, place]))
  const gather = (answers: readonly Answer[]): readonly (readonly Answer[])[] => {
    const gathered: Answer[][] = groups.map(() => [])
    for (const answer of answers) gathered[places.get(answer.group)!]!.push(answer)
    return gathered
  }
  return {
    scores: outcomes.map(({ answers }) => scoreAnswers(metric, answers)),
    parts: outcomes.map(({ answers }) => partsOfGroups(metric, gather(answers))),
  }
}
