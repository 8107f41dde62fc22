/** The learning rate of a step, counted from 1. */
export type Schedule = (step: number) => number

/**
 * Rises linearly to `peak` over `warmup` steps, then falls along half a cosine and reaches `floor` one step after the
 * last of `steps` (Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983).
 */
export function warmupCosine(options: {
  readonly peak: number
  readonly warmup: number
  readonly steps: number
  readonly floor?: number
}): Schedule {
  const { peak, warmup, steps, floor = 0 } = options
  return step => {
    if (step <= warmup) return (peak * step) / warmup
    const done = Math.min(1, (step - 1 - warmup) / Math.max(1, steps - warmup))
    return floor + ((peak - floor) * (1 + Math.cos(Math.PI * done))) / 2
  }
}
