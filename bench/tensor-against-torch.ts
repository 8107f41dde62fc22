import { loadavg } from 'node:os'
import { type NamedValues, openLocalSession } from '../src/tensor/session.ts'
import { compileTrainStep, initialTrainState, type TrainStepOptions } from '../src/tensor/train-step.ts'
import { createTrainer, trainPrograms } from '../src/tensor/trainer.ts'
import type { Stepper, TimedSteps } from './peers/stepper.ts'
import { openTorch } from './peers/torch.ts'
import { initialValues, type Learned } from './tensor-models.ts'

export interface Comparison {
  readonly name: string
  /** Opens our side of the work. */
  ours(threads: number): Promise<Stepper> | Stepper
  /** What torch_steps.py calls the work. */
  readonly torch: string
  /** The file under bench/peers that says what Python needs. */
  readonly requirements: string
  /** Steps of each side in turn, and how often. */
  readonly steps: number
  readonly turns: number
  /** Numbers of threads to try; by default 1 and 2. On a machine with other work to do, PyTorch with all takes minutes. */
  readonly threads?: readonly number[]
}

/** The better number of threads of each side counts; undefined where Python is not there. */
export interface Compared {
  /** Median wall seconds of a step. */
  readonly wall: { readonly ours: number; readonly torch: number | undefined }
  /** Median processor seconds of a step with one thread, which other work on the machine changes less. */
  readonly processor: { readonly ours: number | undefined; readonly torch: number | undefined }
  /** Most memory that a process of the side held, in bytes, where it has one of its own. */
  readonly peak: { readonly ours: number | undefined; readonly torch: number | undefined }
}

interface Side {
  readonly name: string
  readonly isOurs: boolean
  readonly threads: number
  readonly stepper: Stepper
  readonly times: TimedSteps[]
}

/** Times training steps here and in PyTorch in turn, each with one number of threads after another, and prints the medians. */
export async function compareWithTorch(comparison: Comparison): Promise<Compared> {
  const { name, turns, steps } = comparison
  const sides = await openSides(comparison)
  console.log(`${name}: load ${loadavg()[0]!.toFixed(1)} before`)
  for (let turn = -1; turn < turns; turn++)
    for (const { stepper, times } of sides) {
      const taken = await stepper.take(turn < 0 ? 2 : steps)
      if (turn >= 0) times.push(taken)
    }
  console.log(`${name}: load ${loadavg()[0]!.toFixed(1)} after`)
  const measured = sides.map(side => ({
    ...side,
    seconds: side.times.flatMap(({ seconds }) => seconds),
    processor: side.times.flatMap(({ processor }) => processor),
    peak: side.stepper.peak(),
  }))
  for (const { stepper } of sides) await stepper.close()
  for (const { name: side, seconds, processor, peak } of measured) {
    const memory = peak === undefined ? '' : `   peak ${(peak / 1e6).toFixed(0)} MB`
    console.log(`${side.padEnd(28)} wall ${show(seconds)}   processor ${show(processor)}${memory}`)
  }
  const [ours, theirs] = [true, false].map(isOurs => measured.filter(side => side.isOurs === isOurs))
  return {
    wall: { ours: leastOf(ours!.map(wallOf))!, torch: leastOf(theirs!.map(wallOf)) },
    processor: { ours: leastOf(ours!.map(processorOf)), torch: leastOf(theirs!.map(processorOf)) },
    peak: { ours: leastOf(ours!.map(({ peak }) => peak)), torch: leastOf(theirs!.map(({ peak }) => peak)) },
  }
}

function leastOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

function wallOf({ seconds }: TimedSteps): number {
  return median(seconds)
}

function processorOf({ threads, processor }: Side & TimedSteps): number | undefined {
  return threads === 1 ? median(processor) : undefined
}

async function openSides(comparison: Comparison): Promise<readonly Side[]> {
  const { ours, torch, requirements, threads: numbers = [1, 2] } = comparison
  const sides: Side[] = []
  for (const threads of numbers) {
    const peer = openTorch(torch, threads, requirements)
    if ('reason' in peer) console.log(`PyTorch: skipped, ${peer.reason}`)
    else sides.push({ name: `PyTorch, threads ${threads}`, isOurs: false, threads, stepper: peer, times: [] })
    sides.push({
      name: `tilth, threads ${threads}`,
      isOurs: true,
      threads,
      stepper: await ours(threads),
      times: [],
    })
  }
  return sides
}

/** A training step in this process. */
export async function openTraining(
  work: {
    readonly learned: Learned
    readonly settings: Omit<TrainStepOptions, 'loss' | 'parameters'>
    readonly batch: NamedValues
  },
  threads: number,
): Promise<Stepper> {
  const { learned, settings, batch } = work
  const step = compileTrainStep({ ...learned, ...settings })
  const session = await openLocalSession({
    programs: trainPrograms('train', step),
    state: { ...initialValues(learned.parameters), ...initialTrainState(step, learned.parameters) },
    execution: { threads },
  })
  const trainer = createTrainer({ session, steps: { train: step }, schedule: () => 1e-3 })
  return {
    peak: () => undefined,
    close: () => session.close(),
    take: steps => timeSteps(steps, () => trainer.step('train', [batch])),
  }
}

/** Takes steps one after another. */
export async function timeSteps(steps: number, step: () => Promise<unknown>): Promise<TimedSteps> {
  const times = { seconds: [] as number[], processor: [] as number[] }
  for (let index = 0; index < steps; index++) {
    const [start, busy] = [performance.now(), process.cpuUsage()]
    await step()
    const { user, system } = process.cpuUsage(busy)
    times.seconds.push((performance.now() - start) / 1e3)
    times.processor.push((user + system) / 1e6)
  }
  return times
}

/** Prints how many of a thing a step does a second, beside PyTorch, and whether the bar is met, which the exit code says. */
export function judge(
  { wall, processor }: Compared,
  work: { readonly each: number; readonly unit: string; readonly bar: number },
): void {
  const rate = (seconds: number): string => (work.each / seconds).toFixed(1)
  const torch = wall.torch === undefined ? 'not measured' : rate(wall.torch)
  console.log(`${rate(wall.ours)} ${work.unit}/s, PyTorch ${torch}`)
  if (wall.torch === undefined) return
  const ratio = wall.torch / wall.ours
  const met = ratio >= work.bar
  const byProcessor =
    processor.ours === undefined || processor.torch === undefined
      ? ''
      : `, by processor time of one thread ${(processor.torch / processor.ours).toFixed(2)}`
  const verdict = met ? 'met' : 'missed'
  console.log(
    `${ratio.toFixed(2)} times PyTorch${byProcessor}; the bar is ${work.bar.toFixed(2)}: ${verdict}`,
  )
  if (!met) process.exitCode = 1
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function show(seconds: readonly number[]): string {
  return `${(median(seconds) * 1e3).toFixed(1)} ms (least ${(Math.min(...seconds) * 1e3).toFixed(1)})`
}
