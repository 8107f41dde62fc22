import type { Random } from '../data/random.ts'

/** How the next token is chosen from its probabilities. */
export type TokenChoice =
  | { readonly kind: 'greedy' }
  | {
      readonly kind: 'sample'
      /** > 0; below 1 the likely ones become likelier. */
      readonly temperature: number
      /** Only the most likely tokens that together have this probability, in (0, 1] (Holtzman et al. 2020). */
      readonly topP: number
    }

/**
 * The id of the next token, of those allowed or of all. Equal logits go to the lowest id. Throws a RangeError where
 * nothing is allowed.
 */
export function chooseToken(
  logits: Float32Array,
  options: {
    readonly choice: TokenChoice
    readonly allowed: readonly number[] | null
    readonly random: Random
  },
): number {
  const { choice, allowed, random } = options
  const ids = allowed ?? Array.from(logits, (_, id) => id)
  if (ids.length === 0) throw new RangeError('no token may come next')
  if (ids.length === 1) return ids[0]!
  const best = ids.reduce((best, id) => (isBefore(logits, id, best) ? id : best))
  if (choice.kind === 'greedy') return best
  const { temperature, topP } = choice
  const weights = ids.map(id => Math.exp((logits[id]! - logits[best]!) / temperature))
  const enough = topP * weights.reduce((sum, weight) => sum + weight, 0)
  if (topP >= 1) return ids[random.weighted(weights)]!
  const order = ids.map((_, index) => index).sort((a, b) => (isBefore(logits, ids[a]!, ids[b]!) ? -1 : 1))
  const kept: number[] = []
  for (let [index, sum] = [0, 0]; index < order.length && sum < enough; index++) {
    kept.push(order[index]!)
    sum += weights[order[index]!]!
  }
  return ids[kept[random.weighted(kept.map(index => weights[index]!))]!]!
}

function isBefore(logits: Float32Array, a: number, b: number): boolean {
  return logits[a]! > logits[b]! || (logits[a] === logits[b] && a < b)
}
