import { mul } from '../tensor/ops/arithmetic.ts'
import { crossEntropy } from '../tensor/ops/cross-entropy.ts'
import { input } from '../tensor/ops/leaf.ts'
import { sum } from '../tensor/ops/reduce.ts'
import type { NamedValues } from '../tensor/session.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { batchInputs, batchValues, causalMask, sharedPositions } from './decoder-batch.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { decodeTokens, headOf, type DecoderParts } from './decoder.ts'
import { layOutBatch, type TrainingBatch } from './training-batches.ts'

/** Sizes of a batch whose loss is computed. */
export interface LossSizes {
  readonly rows: number
  readonly time: number
  /** Places for learned tokens: logits are computed for these alone. */
  readonly targets: number
  /** Whether a row holds several examples. */
  readonly packing: boolean
}

/** Σ share·(-log probability) over the learned tokens of a batch, in nats: a scalar. It reads what `lossFeeds` feeds. */
export function decoderLoss(config: DecoderConfig, parts: DecoderParts, sizes: LossSizes): Tensor {
  const { rows, time, targets, packing } = sizes
  const telling = decodeTokens(config, parts, {
    ...batchInputs(config, { rows, time, ownPositions: packing }),
    asked: input('sources', [targets], 'int32'),
  })
  const losses = crossEntropy(telling, headOf(config, parts), input('targets', [targets], 'int32'))
  return sum(mul(losses, input('shares', [targets])))
}

/** What a batch feeds. `total` is the weight of all the learned tokens that the loss is the mean over, > 0. */
export function lossFeeds(
  model: { readonly config: DecoderConfig; readonly padId: number },
  batch: TrainingBatch,
  sizes: Pick<LossSizes, 'targets' | 'packing'> & { readonly total: number },
): NamedValues {
  const { tokens, examples, sources, targets, weights, ...own } = layOutBatch(batch, model.padId)
  const positions = sizes.packing ? own.positions : sharedPositions(batch.time)
  const filled = (values: readonly number[]): Int32Array => {
    const array = new Int32Array(sizes.targets)
    array.set(values)
    return array
  }
  const shares = new Float32Array(sizes.targets)
  shares.set(weights.map(weight => weight / sizes.total))
  const mask = causalMask(examples, { rows: batch.rows.length, time: batch.time })
  return {
    ...batchValues(model.config, { tokens, positions, mask, length: batch.time }),
    sources: filled(sources),
    targets: filled(targets),
    shares,
  }
}
