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
  const count = allowed?.length ?? logits.length
  const idAt = (place: number): number => allowed?.[place] ?? place
  if (count === 0) throw new RangeError('no token may come next')
  if (count === 1) return idAt(0)
  const best = likeliestOf(logits, allowed)
  if (choice.kind === 'greedy') return best
  const { temperature, topP } = choice
  const weights = new Float64Array(count)
  let sum = 0
  for (let place = 0; place < count; place++)
    sum += weights[place] = Math.exp((logits[idAt(place)]! - logits[best]!) / temperature)
  if (topP >= 1) return idAt(random.weighted(weights))
  const kept = likeliest(weights, {
    share: topP,
    sum,
    isBefore: (a, b) => isBefore(logits, idAt(a), idAt(b)),
  })
  return idAt(kept[random.weighted(kept.map(place => weights[place]!))]!)
}

function likeliestOf(logits: Float32Array, allowed: readonly number[] | null): number {
  if (allowed !== null) return allowed.reduce((best, id) => (isBefore(logits, id, best) ? id : best))
  let best = 0
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id
  return best
}

/** The places of the largest weights that together have the share of the sum, largest first. */
function likeliest(
  weights: Float64Array,
  {
    share,
    sum,
    isBefore,
  }: { readonly share: number; readonly sum: number; isBefore(a: number, b: number): boolean },
): readonly number[] {
  // What lies below this all together has less than what may be left out, so that only the others need an order.
  const least = ((1 - share) * sum) / weights.length
  const order: number[] = []
  for (const [place, weight] of weights.entries()) if (weight >= least) order.push(place)
  order.sort((a, b) => (isBefore(a, b) ? -1 : 1))
  let covered = 0
  const end = order.findIndex(place => (covered += weights[place]!) >= share * sum)
  return end === -1 ? order : order.slice(0, end + 1)
}

function isBefore(logits: Float32Array, a: number, b: number): boolean {
  return logits[a]! > logits[b]! || (logits[a] === logits[b] && a < b)
}
