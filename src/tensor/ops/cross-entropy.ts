import { sub } from './arithmetic.ts'
import { gather } from './gather.ts'
import { reshape } from './layout.ts'
import { innerProduct, linear } from './matmul.ts'
import { logSumExp } from './softmax.ts'
import type { Tensor } from '../tensor.ts'

/**
 * -log of the probability of each target (int32 [rows]) under softmax(hidden·embeddingᵀ), in nats: shape [rows].
 * `hidden` [rows, width] and `embedding` [classes, width]. Computed as logsumexp(h·Eᵀ) - h·E[target], which needs
 * neither a one-hot table of the targets nor a scatter into the logits.
 */
export function crossEntropy(hidden: Tensor, embedding: Tensor, targets: Tensor): Tensor {
  const logits = linear(hidden, embedding)
  return reshape(sub(logSumExp(logits), innerProduct(hidden, gather(embedding, targets))), targets.shape)
}
