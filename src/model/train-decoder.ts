import type { Context } from '../context.ts'
import type { Program } from '../tensor/compile.ts'
import { type AdamW, momentNames } from '../tensor/optimizer.ts'
import { warmupCosine, type Schedule } from '../tensor/schedule.ts'
import type { NamedValues, Session } from '../tensor/session.ts'
import { UserError } from '../error.ts'
import { sizeOf } from '../tensor/shape.ts'
import { initialTrainState } from '../tensor/train-step.ts'
import { createTrainer } from '../tensor/trainer.ts'
import { openSession } from '../tensor/worker-session.ts'
import type { TokenizedExample } from './conversation.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { lossFeeds } from './decoder-loss.ts'
import type { Weights } from './decoder-weights.ts'
import { ADAPTER, KEPT, keptNumbers, packAdapter, unpackAdapter, type LoraOptions } from './lora.ts'
import type { BatchOptions, TrainingBatch } from './training-batches.ts'
import { learnedInputs, type TrainingPrograms, trainingPrograms } from './training-programs.ts'
import { type SavePlace, type TrainingSave, updatesBetweenSaves } from './training-save.ts'
import { evaluationBatches, largestTargets, planUpdates, weightOf, type UpdatePlan } from './training-plan.ts'

/** How a decoder is trained. */
export interface TrainingSettings {
  readonly epochs: number
  readonly batches: BatchOptions
  /** Batches whose gradients make one update. */
  readonly accumulate: number
  /** Learning rate after warming up; it falls to a tenth along a cosine. */
  readonly learningRate: number
  /** Share of the updates during which the learning rate rises, in [0, 1). */
  readonly warmup: number
  readonly optimizer: AdamW
  /** The largest global norm of the gradients. */
  readonly clip: number
  /** Epochs without a lesser dev loss after which training stops; left out, it goes on to the end. */
  readonly patience?: number
}

/** What is trained: every weight of the decoder, or an adapter beside frozen weights. */
export interface TrainedModel {
  readonly config: DecoderConfig
  readonly weights: Weights
  readonly padId: number
  readonly lora?: { readonly options: LoraOptions; readonly adapter: Weights }
}

/** What is told after each epoch. */
export interface EpochResult {
  /** Counted from 1. */
  readonly epoch: number
  /** Updates taken so far. */
  readonly steps: number
  /** Mean loss of the epoch's updates, in nats a learned token. */
  readonly trainLoss: number
  /** The same on the dev examples, after the epoch. */
  readonly devLoss: number | null
}

export interface TrainingResult {
  /** The adapter where one was trained, else all weights: those with the least dev loss, or the last. */
  readonly learned: Weights
  readonly epochs: readonly EpochResult[]
  /** Of each update, in nats a learned token. */
  readonly losses: readonly number[]
  /** Updates of all epochs; fewer were taken where dev examples said to stop. */
  readonly planned: number
}

interface TrainingInput {
  readonly examples: readonly TokenizedExample[]
  /** Never learned from; they choose the epoch whose weights are kept. May be empty. */
  readonly dev: readonly TokenizedExample[]
  readonly settings: TrainingSettings
  readonly context: Context
  /** Called after each epoch; `read` gives the weights of now. */
  readonly onEpoch?: (result: EpochResult, read: () => Promise<Weights>) => Promise<void> | void
  /** Where the training is kept while it runs; what is kept there already is gone on from. */
  readonly saves?: SavePlace
  /** Of one operation; by default as many as there are cores. */
  readonly threads?: number
}

/**
 * Trains a decoder to tell the learned tokens of the examples: cross-entropy averaged over the learned tokens of an
 * update, weighted by their examples' weights, AdamW, in batches of equal length. All chance follows from the context's
 * stream, update by update, so that a training which goes on from a save ends in the same bytes. Throws a UserError
 * where training comes apart; what was last saved stays.
 */
export async function trainDecoder(model: TrainedModel, training: TrainingInput): Promise<TrainingResult> {
  const { examples, dev, settings, context } = training
  const plan = planUpdates(examples, settings, context.random)
  const largest = largestTargets(plan.flat(2))
  const devBatches = evaluationBatches(dev, settings.batches)
  const learned = learnedInputs(model)
  const saved = (await training.saves?.read()) ?? null
  const session = await openSession({
    programs: {},
    state: {
      ...model.weights,
      ...initialLearned(model),
      ...initialTrainState({ batches: settings.accumulate }, learned),
      ...saved?.state,
    },
    ...(training.threads !== undefined && { execution: { threads: training.threads } }),
    signal: context.signal,
  })
  try {
    const evaluated = largestTargets(devBatches)
    const programs = trainingPrograms(model, settings, { session, trained: largest, evaluated })
    const devLoss = () => evaluate(model, session, { batches: devBatches, largest: evaluated, programs })
    const names = Object.keys(learned)
    return await takeUpdates(model, training, { session, programs, plan, largest, devLoss, names, saved })
  } finally {
    await session.close()
  }
}

/** What an adapter begins with, as the session holds it. Whole weights are in its state as they are. */
function initialLearned({ config, lora }: TrainedModel): NamedValues {
  return lora === undefined ? {} : { [ADAPTER]: packAdapter(config, lora.options, lora.adapter) }
}

/** What was learned, by the names that the model has for it. */
function learnedWeights({ config, lora }: TrainedModel, state: NamedValues): Weights {
  if (lora === undefined) return state as Weights
  return unpackAdapter(config, lora.options, state[ADAPTER] as Float32Array)
}

interface Running {
  readonly session: Session
  readonly programs: TrainingPrograms
  readonly plan: UpdatePlan
  readonly largest: ReadonlyMap<number, number>
  readonly devLoss: () => Promise<number | null>
  /** The session's names for what is learned. */
  readonly names: readonly string[]
  readonly saved: TrainingSave | null
}

async function takeUpdates(
  model: TrainedModel,
  training: TrainingInput,
  running: Running,
): Promise<TrainingResult> {
  const { settings, context } = training
  const { plan, saved } = running
  const total = plan.flat().length
  const begun = saved?.taken ?? 0
  const trainer = createTrainer({
    session: running.session,
    steps: running.programs.steps,
    schedule: scheduleOf(settings, total),
    taken: begun,
  })
  const read = async (): Promise<Weights> => learnedWeights(model, await running.session.read(running.names))
  const losses = [...(saved?.losses ?? [])]
  const epochs = [...(saved?.epochs ?? [])]
  let [taken, tokens, kept, best] = [0, 0, begun, saved?.best ?? null]
  const keep = async (): Promise<void> => {
    if (training.saves === undefined || taken - kept < updatesBetweenSaves(total)) return
    const state = (await running.session.read(stateNames(running.names))) as Weights
    await training.saves.write({ taken, losses, epochs, state, best })
    kept = taken
  }
  for (const [index, updates] of plan.entries()) {
    for (const [place, update] of updates.entries()) {
      taken++
      tokens += tokensOf(update)
      if (taken <= begun) continue
      const { time } = update[0]!
      const { update: program } = await running.programs.step(time)
      const feeds = updateFeeds({ model, training, running }, { update, program, number: taken })
      const step = await trainer
        .step(String(time), feeds)
        .catch((error: unknown) =>
          Promise.reject(cameApart(error, { update, epoch: index + 1, training, kept })),
        )
      losses.push(step.loss)
      context.progress(taken, total, { loss: step.loss, tokens })
      if (place < updates.length - 1) await keep()
    }
    if (epochs.length <= index) {
      const devLoss = await running.devLoss()
      const trainLoss = losses.slice(-updates.length).reduce((sum, loss) => sum + loss, 0) / updates.length
      const result = { epoch: index + 1, steps: taken, trainLoss, devLoss }
      epochs.push(result)
      await training.onEpoch?.(result, read)
      if (devLoss !== null && (best === null || devLoss < best.devLoss))
        best = { devLoss, learned: await read() }
      await keep()
    }
    if (isSpent(epochs, settings.patience)) break
  }
  return { learned: best?.learned ?? (await read()), epochs, losses, planned: total }
}

/** Whether the dev loss has not become less for as many epochs as are waited for. */
function isSpent(epochs: readonly EpochResult[], patience: number | undefined): boolean {
  if (patience === undefined || epochs.some(({ devLoss }) => devLoss === null)) return false
  const dev = epochs.map(({ devLoss }) => devLoss!)
  return dev.length - 1 - dev.indexOf(Math.min(...dev)) >= patience
}

/** What a training goes on from: the learned numbers and their moments. */
function stateNames(learned: readonly string[]): readonly string[] {
  return learned.flatMap(name => [name, ...momentNames(name)])
}

function tokensOf(update: readonly TrainingBatch[]): number {
  return update.flatMap(({ rows }) => rows.flat()).reduce((sum, { ids }) => sum + ids.length, 0)
}

function updateFeeds(
  given: { readonly model: TrainedModel; readonly training: TrainingInput; readonly running: Running },
  {
    update,
    program,
    number,
  }: { readonly update: readonly TrainingBatch[]; readonly program: Program; readonly number: number },
): readonly NamedValues[] {
  const { model, training, running } = given
  const { time } = update[0]!
  const weight = update.reduce((sum, batch) => sum + weightOf(batch), 0)
  // The trainer averages over the accumulated batches: each gives its share of the whole mean, times their number.
  const sizes = {
    targets: running.largest.get(time)!,
    total: weight / update.length,
    packing: training.settings.batches.packing,
  }
  const random = training.context.random.stream(`dropout ${number}`)
  const rate = model.lora?.options.dropout ?? 0
  return update.map(batch => ({ ...lossFeeds(model, batch, sizes), ...keptFeeds(program, rate, random) }))
}

/** A training that came apart, with the examples at which it did and what is left of it. */
function cameApart(
  error: unknown,
  at: {
    readonly update: readonly TrainingBatch[]
    readonly epoch: number
    readonly training: TrainingInput
    readonly kept: number
  },
): unknown {
  if (!(error instanceof UserError)) return error
  const { update, epoch, training, kept } = at
  const ids = update.flatMap(({ rows }) => rows.flat().map(({ id }) => id))
  const shown = `${ids.slice(0, 8).join(', ')}${ids.length > 8 ? `, … (${ids.length} in all)` : ''}`
  const left =
    training.saves === undefined || kept === 0
      ? 'Nothing was kept of this training yet.'
      : `The last good state, after update ${kept}, is kept in ${training.saves.name}.`
  return new UserError(
    `${error.message}, in epoch ${epoch}, in the batch of the examples ${shown}`,
    `${error.next ?? ''} ${left}`.trim(),
    { cause: error },
  )
}

/** What dropout leaves, for each of the program's inputs that asks. */
function keptFeeds({ inputs }: Program, rate: number, random: Context['random']): NamedValues {
  const asked = Object.entries(inputs).filter(([name]) => name.startsWith(KEPT))
  return Object.fromEntries(
    asked.map(([name, { shape }]) => [name, keptNumbers(sizeOf(shape), rate, random)]),
  )
}

function scheduleOf({ learningRate, warmup }: TrainingSettings, steps: number): Schedule {
  return warmupCosine({
    peak: learningRate,
    warmup: Math.round(warmup * steps),
    steps,
    floor: learningRate / 10,
  })
}

/** Mean loss of all learned tokens, in nats, weighted; null where there is none. */
async function evaluate(
  model: TrainedModel,
  session: Session,
  asked: {
    readonly batches: readonly TrainingBatch[]
    readonly largest: ReadonlyMap<number, number>
    readonly programs: TrainingPrograms
  },
): Promise<number | null> {
  const { batches, largest, programs } = asked
  const total = batches.reduce((sum, batch) => sum + weightOf(batch), 0)
  if (total === 0) return null
  let loss = 0
  for (const batch of batches) {
    const feeds = lossFeeds(model, batch, { targets: largest.get(batch.time)!, total, packing: false })
    loss += (await session.run(await programs.evaluation(batch.time), feeds))['loss']![0]!
  }
  return loss
}
