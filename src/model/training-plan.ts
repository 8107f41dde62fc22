import type { Random } from '../data/random.ts'
import type { TokenizedExample } from './conversation.ts'
import { epochBatches, layOutBatch, type BatchOptions, type TrainingBatch } from './training-batches.ts'

/** For each epoch its updates, each of as many batches as are accumulated, all of one length. */
export type UpdatePlan = readonly (readonly (readonly TrainingBatch[])[])[]

/** The order follows from `random`. */
export function planUpdates(
  examples: readonly TokenizedExample[],
  settings: { readonly epochs: number; readonly accumulate: number; readonly batches: BatchOptions },
  random: Random,
): UpdatePlan {
  return Array.from({ length: settings.epochs }, (_, epoch) => {
    const own = random.stream(`epoch ${epoch + 1}`)
    const byTime = Map.groupBy(epochBatches(examples, settings.batches, own), ({ time }) => time)
    const updates = [...byTime.values()].flatMap(batches => grouped(batches, settings.accumulate))
    return own.shuffle(updates)
  })
}

/** Parts of `size`; the last is filled up with batches of empty rows. */
function grouped(batches: readonly TrainingBatch[], size: number): readonly (readonly TrainingBatch[])[] {
  return Array.from({ length: Math.ceil(batches.length / size) }, (_, part) => {
    const own = batches.slice(part * size, (part + 1) * size)
    const empty = { time: own[0]!.time, rows: own[0]!.rows.map(() => []) }
    return [...own, ...Array.from({ length: size - own.length }, () => empty)]
  })
}

/** The most learned tokens of any batch of each length, which its graph has place for. */
export function largestTargets(batches: readonly TrainingBatch[]): ReadonlyMap<number, number> {
  const largest = new Map<number, number>()
  for (const batch of batches) {
    const { targets } = layOutBatch(batch, 0)
    largest.set(batch.time, Math.max(largest.get(batch.time) ?? 1, targets.length))
  }
  return largest
}

/** Batches in which the dev examples stand as they are, one a row. */
export function evaluationBatches(
  dev: readonly TokenizedExample[],
  batches: Pick<BatchOptions, 'rows'>,
): readonly TrainingBatch[] {
  const inOrder = dev.toSorted((a, b) => a.ids.length - b.ids.length)
  return Array.from({ length: Math.ceil(dev.length / batches.rows) }, (_, index) => {
    const own = inOrder.slice(index * batches.rows, (index + 1) * batches.rows)
    const time = Math.ceil(Math.max(...own.map(({ ids }) => ids.length)) / 32) * 32
    return {
      time,
      rows: Array.from({ length: batches.rows }, (_, row) => (own[row] === undefined ? [] : [own[row]])),
    }
  })
}

/** The weight of all learned tokens of a batch. */
export function weightOf(batch: TrainingBatch): number {
  return layOutBatch(batch, 0).weights.reduce((total, weight) => total + weight, 0)
}
