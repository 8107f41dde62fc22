import type { Random } from '../data/random.ts'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { dropout } from '../tensor/ops/activation.ts'
import { add } from '../tensor/ops/arithmetic.ts'
import { reshape, transpose } from '../tensor/ops/layout.ts'
import { input } from '../tensor/ops/leaf.ts'
import { linear, matmul } from '../tensor/ops/matmul.ts'
import { slice, split } from '../tensor/ops/slice.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { TrainStepOptions } from '../tensor/train-step.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { weightShapes, type Weights } from './decoder-weights.ts'
import type { DecoderParts } from './decoder.ts'

/** Low-rank adaptation (Hu et al. 2022, https://arxiv.org/abs/2106.09685), in the names and files of peft. */
export interface LoraOptions {
  readonly rank: number
  /** The product of the two matrices is scaled by alpha / rank. */
  readonly alpha: number
  /** Share of the numbers that go into an adapter that are zero at each step, in [0, 1). */
  readonly dropout: number
  /** Names of linear layers, such as `q_proj`, in every layer of the decoder. */
  readonly targets: readonly string[]
}

/** The linear layers that an adapter can be put beside. */
const loraTargets = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const

interface AdaptedLayer {
  /** Its name in the base model, without `.weight`. */
  readonly layer: string
  /** Names in peft's files of A, [rank, inputs], and of B, [outputs, rank]. */
  readonly down: string
  readonly up: string
  readonly inputs: number
  readonly outputs: number
}

/** Throws a UserError for a target that is no linear layer, and where there is none. */
function adaptedLayers(config: DecoderConfig, { targets }: LoraOptions): readonly AdaptedLayer[] {
  if (targets.length === 0)
    throw new UserError('An adapter needs target modules.', `Name some of ${loraTargets.join(', ')}.`)
  for (const target of targets) {
    if ((loraTargets as readonly string[]).includes(target)) continue
    throw new UserError(
      `There is no linear layer called ${target}.${didYouMean(target, loraTargets)}`,
      `Target modules are ${loraTargets.join(', ')}.`,
    )
  }
  return Array.from(weightShapes(config)).flatMap(([name, shape]) => {
    const layer = name.replace(/\.weight$/u, '')
    if (layer === name || !targets.includes(layer.split('.').at(-1)!)) return []
    const adapter = `base_model.model.${layer}`
    const [outputs, inputs] = shape as readonly [number, number]
    return [{ layer, inputs, outputs, down: `${adapter}.lora_A.weight`, up: `${adapter}.lora_B.weight` }]
  })
}

/** The name and shape of every matrix of an adapter. */
export function adapterShapes(config: DecoderConfig, options: LoraOptions): ReadonlyMap<string, Shape> {
  return new Map(
    adaptedLayers(config, options).flatMap(({ down, up, inputs, outputs }): [string, Shape][] => [
      [down, [options.rank, inputs]],
      [up, [outputs, options.rank]],
    ]),
  )
}

/** An adapter that changes nothing yet, as peft begins: A uniform in ±1/√inputs (Kaiming, a = √5), B zero. */
export function initialAdapter(config: DecoderConfig, options: LoraOptions, random: Random): Weights {
  const entries = adaptedLayers(config, options).flatMap(({ down, up, inputs, outputs }) => {
    const stream = random.stream(down)
    const bound = 1 / Math.sqrt(inputs)
    const values = new Float32Array(options.rank * inputs).map(() => (2 * stream.next() - 1) * bound)
    return [[down, values] as const, [up, new Float32Array(outputs * options.rank)] as const]
  })
  return Object.fromEntries(entries)
}

/** The whole adapter in a session's state: one vector, so that it is updated in one sweep. */
export const ADAPTER = 'adapter'

/** Adapters of layers with the same input. In the vector all their A stand together, as one matrix, then each B. */
function adapterGroups(config: DecoderConfig, options: LoraOptions): readonly (readonly AdaptedLayer[])[] {
  const groups = Map.groupBy(adaptedLayers(config, options), ({ layer }) =>
    layer.replace(/[qkv]_proj|gate_proj|up_proj/u, ''),
  )
  return [...groups.values()]
}

/** The adapter as the vector that a session holds. */
export function packAdapter(config: DecoderConfig, options: LoraOptions, adapter: Weights): Float32Array {
  const names = packedNames(config, options)
  const vector = new Float32Array(names.reduce((size, name) => size + adapter[name]!.length, 0))
  let place = 0
  for (const name of names) {
    vector.set(adapter[name]!, place)
    place += adapter[name]!.length
  }
  return vector
}

/** The adapter in a vector of the session. */
export function unpackAdapter(config: DecoderConfig, options: LoraOptions, vector: Float32Array): Weights {
  const shapes = adapterShapes(config, options)
  const places = new Map<string, number>()
  let place = 0
  for (const name of packedNames(config, options)) {
    places.set(name, place)
    place += sizeOf(shapes.get(name)!)
  }
  return Object.fromEntries(
    Array.from(shapes, ([name, shape]) => {
      const start = places.get(name)!
      return [name, vector.slice(start, start + sizeOf(shape))]
    }),
  )
}

function packedNames(config: DecoderConfig, options: LoraOptions): readonly string[] {
  return adapterGroups(config, options).flatMap(group => [
    ...group.map(({ down }) => down),
    ...group.map(({ up }) => up),
  ])
}

/** The parts of a decoder with an adapter beside its frozen weights. */
export interface AdaptedParts {
  readonly parts: DecoderParts
  /** What is learned, and the matrices that it is made of: see `TrainStepOptions.parts`. */
  readonly learned: Pick<TrainStepOptions, 'parameters' | 'parts'>
}

/** The names of inputs that want a boolean for each number, whether it is kept, begin so: see `keptNumbers`. */
export const KEPT = 'kept '

/**
 * Adds scale · B·A·dropout(x) to each target's W·x; layers that read the same x drop the same numbers of it, and their A·x
 * are one product. Where `training` is true and dropout is not 0, a graph has an input for each such x whose name begins
 * with `KEPT`.
 */
export function adaptedParts(
  config: DecoderConfig,
  options: LoraOptions,
  { parts, training }: { readonly parts: DecoderParts; readonly training: boolean },
): AdaptedParts {
  const { rank, alpha } = options
  const size = [...adapterShapes(config, options).values()].reduce((sum, shape) => sum + sizeOf(shape), 0)
  const vector = input(ADAPTER, [size])
  const matrices: Tensor[] = []
  let taken = 0
  const take = (shape: Shape): Tensor => {
    const matrix = reshape(slice(vector, 0, taken, (taken += sizeOf(shape))), shape)
    matrices.push(matrix)
    return matrix
  }
  const changes = new Map<string, (x: Tensor) => Tensor>()
  for (const group of adapterGroups(config, options)) {
    const { layer: first, inputs } = group[0]!
    const downs = take([group.length * rank, inputs])
    const reduced = remembering(x => {
      const seen =
        training && options.dropout > 0
          ? dropout(x, input(KEPT + first, x.shape, 'bool'), options.dropout)
          : x
      return split(linear(seen, downs), -1, group.length)
    })
    for (const [index, { layer, outputs }] of group.entries()) {
      const up = take([outputs, rank])
      changes.set(layer, x => matmul(reduced(x)[index]!, transpose(up), alpha / rank))
    }
  }
  return {
    learned: { parameters: { [ADAPTER]: vector }, parts: { [ADAPTER]: matrices } },
    parts: {
      ...parts,
      project(x, name) {
        const change = changes.get(name)
        return change === undefined ? parts.project(x, name) : add(parts.project(x, name), change(x))
      },
    },
  }
}

/** Gives what it gave before for the same tensor. */
function remembering<Result>(of: (x: Tensor) => Result): (x: Tensor) => Result {
  const known = new WeakMap<Tensor, Result>()
  return x => {
    const result = known.get(x) ?? of(x)
    known.set(x, result)
    return result
  }
}

/**
 * Whether each of `count` numbers is kept: 1, and 0 with probability `rate` in (0, 1). Drawn by the gaps between those
 * that are not, which are geometric (Devroye 1986, X.2), so that few draws make many.
 */
export function keptNumbers(count: number, rate: number, random: Random): Uint8Array {
  const kept = new Uint8Array(count).fill(1)
  const scale = 1 / Math.log1p(-rate)
  for (let place = -1; ;) {
    place += 1 + Math.floor(Math.log1p(-random.next()) * scale)
    if (place >= count) return kept
    kept[place] = 0
  }
}

/** The weights with the adapter added in: W + alpha/rank · B·A. The others are shared, not copied. */
export function mergeAdapter(
  config: DecoderConfig,
  options: LoraOptions,
  { weights, adapter }: { readonly weights: Weights; readonly adapter: Weights },
): Weights {
  const merger = adapterMerger(config, options, adapter)
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => {
      if (!merger.adapts(name)) return [name, values]
      const sum = values.slice()
      merger.addTo(name, sum)
      return [name, sum]
    }),
  )
}

/** Adds an adapter to one weight at a time. */
export interface AdapterMerger {
  adapts(name: string): boolean
  /** Adds alpha/rank · B·A to the weight of this name where it is; does nothing where the adapter leaves it as it is. */
  addTo(name: string, weight: Float32Array): void
}

export function adapterMerger(config: DecoderConfig, options: LoraOptions, adapter: Weights): AdapterMerger {
  const layers = new Map(adaptedLayers(config, options).map(each => [`${each.layer}.weight`, each]))
  return {
    adapts: name => layers.has(name),
    addTo(name, weight) {
      const layer = layers.get(name)
      if (layer === undefined) return
      const { down, up, inputs, outputs } = layer
      const [a, b] = [adapter[down]!, adapter[up]!]
      const { rank } = options
      const scaled = b.map(value => (value * options.alpha) / rank)
      for (let row = 0; row < outputs; row++) {
        const sums = weight.subarray(row * inputs, (row + 1) * inputs)
        // Four at a time, since going through memory takes longer than the sums.
        for (let inner = 0; inner < rank; inner += 4) addRows(sums, a, scaled, { row, inner, rank })
      }
    },
  }
}

/** Adds up to four rows of `a`, each times its number of `scaled`. */
function addRows(
  sums: Float32Array,
  a: Float32Array,
  scaled: Float32Array,
  { row, inner, rank }: { readonly row: number; readonly inner: number; readonly rank: number },
): void {
  const factor = (place: number): number => (place < rank ? scaled[row * rank + place]! : 0)
  const start = (place: number): number => Math.min(place, rank - 1) * sums.length
  const [f0, f1, f2, f3] = [factor(inner), factor(inner + 1), factor(inner + 2), factor(inner + 3)]
  const [a0, a1, a2, a3] = [start(inner), start(inner + 1), start(inner + 2), start(inner + 3)]
  for (let column = 0; column < sums.length; column++) {
    sums[column]! += f0 * a[a0 + column]! + f1 * a[a1 + column]! + f2 * a[a2 + column]! + f3 * a[a3 + column]!
  }
}
