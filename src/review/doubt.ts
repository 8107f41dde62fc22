import type { Example } from '../data/example.ts'
import type { Prediction } from '../student/student.ts'
import { answerOf } from './item.ts'

/**
 * By example id, how far a student of the real rows alone prefers another label to the given one: the highest probability
 * of the others less that of the given one (the margin of Schapire et al. 1998 with its sign turned), from -1 to 1. Above 0
 * the student contradicts, near 0 it cannot tell. Examples whose prediction has no probabilities are left out.
 */
export function measureDoubt(
  examples: readonly Example[],
  predictions: readonly Prediction[],
): ReadonlyMap<string, number> {
  const byId = new Map(predictions.map(prediction => [prediction.id, prediction.probabilities]))
  return new Map(
    examples.flatMap(example => {
      const probabilities = byId.get(example.id)
      if (probabilities === undefined) return []
      const given = answerOf(example).trim()
      const others = Object.entries(probabilities).filter(([label]) => label !== given)
      const rival = Math.max(0, ...others.map(([, probability]) => probability))
      return [[example.id, rival - (probabilities[given] ?? 0)] as const]
    }),
  )
}
