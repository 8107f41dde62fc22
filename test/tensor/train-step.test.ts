import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { criticLoss, decoderLoss, type Learned } from '../../bench/tensor-models.ts'
import { add, mul, sub } from '../../src/tensor/ops/arithmetic.ts'
import { reshape } from '../../src/tensor/ops/layout.ts'
import { input } from '../../src/tensor/ops/leaf.ts'
import { matmul } from '../../src/tensor/ops/matmul.ts'
import { mean } from '../../src/tensor/ops/reduce.ts'
import { slice } from '../../src/tensor/ops/slice.ts'
import { log } from '../../src/tensor/ops/unary.ts'
import { warmupCosine } from '../../src/tensor/schedule.ts'
import { type NamedValues, openLocalSession, type Session } from '../../src/tensor/session.ts'
import { sizeOf } from '../../src/tensor/shape.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { compileTrainStep, initialTrainState, type TrainStep } from '../../src/tensor/train-step.ts'
import { createTrainer, trainPrograms, type Trainer } from '../../src/tensor/trainer.ts'

interface Optimizer {
  readonly request: {
    readonly parameters: readonly [readonly number[][], readonly number[]]
    readonly batches: readonly (readonly [number[][], number[][]])[]
    readonly beta1: number
    readonly beta2: number
    readonly epsilon: number
    readonly weightDecay: number
    readonly peak: number
    readonly floor: number
    readonly warmup: number
    readonly steps: number
    readonly clip: number
  }
  readonly steps: readonly {
    readonly rate: number
    readonly loss: number
    readonly norm: number
    readonly parameters: readonly (readonly number[])[]
  }[]
}

type Losses = Readonly<
  Record<'decoder' | 'critic', readonly { readonly loss: number; readonly norm: number }[]>
>

/** Made by PyTorch 2.13.0: `python test/peers/<name>.py`, for the optimiser with its own `request` as input. */
function peer<T>(name: string): T {
  return JSON.parse(readFileSync(`test/peers/${name}.json`, 'utf8')) as T
}

const opened: Session[] = []

afterEach(async () => {
  for (const session of opened.splice(0)) await session.close()
})

async function trainerOf(
  step: TrainStep,
  learned: Learned,
  options: { readonly values: NamedValues; readonly schedule: (step: number) => number },
): Promise<{ readonly trainer: Trainer; readonly session: Session }> {
  const session = await openLocalSession({
    programs: trainPrograms('train', step),
    state: { ...options.values, ...initialTrainState(step, learned.parameters) },
    execution: { threads: 1 },
  })
  opened.push(session)
  return { trainer: createTrainer({ session, steps: { train: step }, schedule: options.schedule }), session }
}

/** The mean squared error of two layers, [3, 2] and [2, 1], without anything between them. */
function twoLayerLoss([weights, more]: readonly Tensor[]): Tensor {
  const error = sub(matmul(matmul(input('x', [2, 3]), weights!), more!), input('y', [2, 1]))
  return mean(mul(error, error))
}

test('a parameter given by its parts learns what they learn each by itself', async () => {
  const vector = input('vector', [8])
  const [apart, together] = [
    [input('weights', [3, 2]), input('more', [2, 1])],
    [reshape(slice(vector, 0, 0, 6), [3, 2]), reshape(slice(vector, 0, 6, 8), [2, 1])],
  ]
  const start = Float32Array.of(0.5, -0.2, 0.1, 0.7, -0.4, 0.3, 0.6, -0.8)
  const feeds = { x: Float32Array.of(1, 2, -1, 0.5, -1.5, 1), y: Float32Array.of(1, -1) }
  const settings = { clip: 0.5, optimizer: { weightDecay: 0.1 } }
  const train = async (learned: Learned, parts: object, values: NamedValues): Promise<readonly number[]> => {
    const step = compileTrainStep({ ...learned, ...settings, ...parts })
    const { trainer, session } = await trainerOf(step, learned, { values, schedule: () => 0.05 })
    for (let taken = 0; taken < 5; taken++) await trainer.step('train', [feeds])
    const read = await session.read(Object.keys(learned.parameters))
    return Object.values(read).flatMap(array => [...array])
  }
  const one = await train(
    { loss: twoLayerLoss(apart), parameters: { weights: apart[0]!, more: apart[1]! } },
    {},
    { weights: start.slice(0, 6), more: start.slice(6) },
  )
  const other = await train(
    { loss: twoLayerLoss(together), parameters: { vector } },
    { parts: { vector: together } },
    { vector: start },
  )
  expect(other.length).toBe(8)
  for (const [index, value] of other.entries()) expect(value).toBeCloseTo(one[index]!, 6)
  expect(Math.max(...other.map((value, index) => Math.abs(value - start[index]!)))).toBeGreaterThan(0.05)
})

test('accumulated, clipped and scheduled AdamW steps leave the parameters where PyTorch does', async () => {
  const { request, steps } = peer<Optimizer>('optimizer')
  const [weights, bias] = [input('weights', [3, 2]), input('bias', [2])]
  const error = sub(add(matmul(input('x', [2, 3]), weights), bias), input('y', [2, 2]))
  const learned = { loss: mean(mul(error, error)), parameters: { weights, bias } }
  const { clip, ...optimizer } = request
  const step = compileTrainStep({ ...learned, clip, optimizer, accumulate: 2 })
  const { trainer, session } = await trainerOf(step, learned, {
    values: {
      weights: Float32Array.from(request.parameters[0].flat()),
      bias: Float32Array.from(request.parameters[1]),
    },
    schedule: warmupCosine(request),
  })
  const batches = request.batches.map(([x, y]) => ({
    x: Float32Array.from(x.flat()),
    y: Float32Array.from(y.flat()),
  }))
  for (const expected of steps) {
    const done = await trainer.step('train', batches)
    expect(done.learningRate).toBeCloseTo(expected.rate, 12)
    expect(done.loss).toBeCloseTo(expected.loss, 5)
    expect(done.gradientNorm).toBeCloseTo(expected.norm, 5)
    const { weights, bias } = await session.read(['weights', 'bias'])
    for (const [index, value] of [...weights!, ...bias!].entries())
      expect(value).toBeCloseTo(expected.parameters.flat()[index]!, 6)
  }
})

/** The parameters of test/peers/models.py. */
function wavy({ parameters }: Learned): NamedValues {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }], index) => [
      name,
      Float32Array.from(
        { length: sizeOf(shape) },
        (_, element) => Number(name.includes('norm')) + 0.3 * Math.sin(1.7 * element + index),
      ),
    ]),
  )
}

const decoder = decoderLoss({
  width: 16,
  layers: 2,
  heads: 2,
  vocabulary: 32,
  inner: 24,
  batch: 2,
  length: 8,
})
const critic = criticLoss({ batch: 6, inputs: 5, hidden: 7 })
const places = Int32Array.from({ length: 16 }, (_, index) => index)
const waves = (index: number): Float32Array =>
  Float32Array.from({ length: 30 }, (_, element) => Math.cos(0.9 * element + index))
const feeds = {
  decoder: {
    tokens: places.map(place => (7 * place + 3) % 32),
    targets: places.map(place => (5 * place + 1) % 32),
  },
  critic: { real: waves(0), made: waves(1), between: waves(2) },
}

for (const [name, learned] of [
  ['decoder', decoder],
  ['critic', critic],
] as const) {
  test(`three steps of a small ${name} have the losses and gradient norms that PyTorch finds`, async () => {
    const step = compileTrainStep({ ...learned, clip: 1 })
    const { trainer } = await trainerOf(step, learned, { values: wavy(learned), schedule: () => 0.01 })
    for (const expected of peer<Losses>('models')[name]) {
      const { loss, gradientNorm } = await trainer.step('train', [feeds[name]])
      expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(2e-6)
      expect(Math.abs(gradientNorm / expected.norm - 1)).toBeLessThan(2e-5)
    }
  })
}

test('a loss that is not a number ends the training with a word on what to do', async () => {
  const weights = input('weights', [1])
  const learned = { loss: mean(log(weights)), parameters: { weights } }
  const { trainer } = await trainerOf(compileTrainStep(learned), learned, {
    values: { weights: Float32Array.of(0.5) },
    schedule: () => 1,
  })
  expect((await trainer.step('train', [{}])).loss).toBeCloseTo(Math.log(0.5), 6)
  await expect(trainer.step('train', [{}])).rejects.toMatchObject({
    name: 'UserError',
    message: 'training came apart at step 2: the loss is NaN',
    next: 'Lower the learning rate, warm up for longer, or clip the gradients.',
  })
})
