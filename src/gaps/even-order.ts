import type { Example } from '../data/example.ts'
import type { Random } from '../data/random.ts'
import { answerOf } from './answer.ts'

/** So many of the examples, with the answers in their shares; all of them, as they are, where there are no more. */
export function takeEvenly(examples: readonly Example[], count: number, random: Random): readonly Example[] {
  return examples.length <= count ? examples : orderEvenly(examples, random).slice(0, count)
}

/** Shuffled so that every beginning holds each answer's share: systematic sampling with a random start an answer. */
export function orderEvenly(examples: readonly Example[], random: Random): readonly Example[] {
  const strata = [...Map.groupBy(random.shuffle(examples), answerOf)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return strata
    .flatMap(([, members]) => {
      const start = random.next()
      return members.map((example, index) => ({ example, place: (index + start) / members.length }))
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ example }) => example)
}
