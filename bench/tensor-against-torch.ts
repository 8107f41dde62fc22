import { loadavg } from 'node:os'
import { createTrainer, trainPrograms } from '../src/tensor/trainer.ts'
import { type NamedValues, openLocalSession } from '../src/tensor/session.ts'
import { compileTrainStep, initialTrainState, type TrainStepOptions } from '../src/tensor/train-step.ts'
import { openTorch } from './peers/torch.ts'
import { initialValues, type Learned } from './tensor-models.ts'

export interface Comparison {
  readonly work: 'decoder' | 'critic'
  readonly learned: Learned
  readonly settings: Omit<TrainStepOptions, 'loss' | 'parameters'>
  readonly batch: NamedValues
  /** Steps of each side in turn, and how often. */
  readonly steps: number
  readonly turns: number
}

interface Times {
  readonly seconds: readonly number[]
  readonly processor: readonly number[]
}

const THREADS = [1, 2] as const

/**
 * Times the training step here and in PyTorch in turn, each with one thread and with two, and prints the medians of wall
 * and processor time. Returns the median wall time of each side at its better number of threads.
 */
export async function compareWithTorch(
  comparison: Comparison,
): Promise<{ readonly ours: number; readonly torch: number | undefined }> {
  const { work, turns, steps } = comparison
  const torch = openTorch()
  const peer = 'reason' in torch ? undefined : torch
  if ('reason' in torch) console.log(`PyTorch: skipped, ${torch.reason}`)
  const times = new Map<string, Times>()
  const keep = (name: string, { seconds, processor }: Times): void => {
    const known = times.get(name) ?? { seconds: [], processor: [] }
    times.set(name, {
      seconds: [...known.seconds, ...seconds],
      processor: [...known.processor, ...processor],
    })
  }
  console.log(`${work}: load ${loadavg()[0]!.toFixed(1)} before`)
  const ours = await Promise.all(THREADS.map(threads => openTraining(comparison, threads)))
  for (let turn = -1; turn < turns; turn++)
    for (const [index, threads] of THREADS.entries()) {
      const here = await ours[index]!.take(turn < 0 ? 2 : steps)
      const there = await peer?.steps(work, threads, turn < 0 ? 2 : steps)
      if (turn < 0) continue
      keep(`tilth, ${threads} thread`, here)
      if (there) keep(`torch ${there.torch}, ${threads} thread`, there)
    }
  peer?.close()
  for (const training of ours) await training.close()
  console.log(`${work}: load ${loadavg()[0]!.toFixed(1)} after`)
  for (const [name, { seconds, processor }] of times)
    console.log(
      `${name.padEnd(28)} wall ${show(seconds)}   processor ${show(processor)}   over ${seconds.length} steps`,
    )
  const best = (side: string): number => {
    const ofSide = [...times].filter(([name]) => name.startsWith(side))
    return Math.min(...ofSide.map(([, { seconds }]) => median(seconds)))
  }
  return { ours: best('tilth'), torch: peer && best('torch') }
}

async function openTraining({ learned, settings, batch }: Comparison, threads: number) {
  const step = compileTrainStep({ ...learned, ...settings })
  const session = await openLocalSession({
    programs: trainPrograms('train', step),
    state: { ...initialValues(learned.parameters), ...initialTrainState(step, learned.parameters) },
    execution: { threads },
  })
  const trainer = createTrainer({ session, steps: { train: step }, schedule: () => 1e-3 })
  return {
    close: () => session.close(),
    async take(count: number): Promise<Times> {
      const times = { seconds: [] as number[], processor: [] as number[] }
      for (let index = 0; index < count; index++) {
        const [start, busy] = [performance.now(), process.cpuUsage()]
        await trainer.step('train', [batch])
        const { user, system } = process.cpuUsage(busy)
        times.seconds.push((performance.now() - start) / 1e3)
        times.processor.push((user + system) / 1e6)
      }
      return times
    },
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function show(seconds: readonly number[]): string {
  return `${(median(seconds) * 1e3).toFixed(1)} ms (least ${(Math.min(...seconds) * 1e3).toFixed(1)})`
}
