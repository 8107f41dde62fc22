import type { DecoderConfig } from './decoder-config.ts'
import { weightShapes } from './decoder-weights.ts'
import { graphBuilder, type BuiltGraph, type GraphBuilder } from './graph-builder.ts'

// The decoder of decoder.ts once more, to write answers with: one graph for any number of rows and tokens that remembers
// what it read. It is made of ONNX Runtime's own large operators
// (https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md), and its matrices are constants, which the
// runtime lays out for its products once, when the graph is opened: a token of eight rows then takes half the time.

/** The graph's names for a layer's memory of keys and values, each [rows, keyValueHeads, columns, memoryWidth]. */
export function memoryNames(layer: number): readonly [keys: string, values: string] {
  return [`keys ${layer}`, `values ${layer}`]
}

/** What the memory is called when the new tokens are in it: the same numbers in the same place. */
export function nextMemory(name: string): string {
  return `next ${name}`
}

/** Numbers of a head as the memory has them: attention is given multiples of 8, filled up with zeros. */
export function memoryWidth({ headWidth }: DecoderConfig): number {
  return Math.ceil(headWidth / 8) * 8
}

/** The embedding as it is looked up in. Where it is also the head, that is a constant of the same numbers. */
export const EMBEDDING = 'embedding'

/**
 * The graph takes the embedding [vocabulary, width]; `tokens` int32 and `positions` int64 [rows, time]; `last` int32 [1],
 * the place in `time` whose logits are wanted; `ends` int32 [rows], the position of each row's last token; `longest`
 * int32 [1], the largest of them plus one; `cosines` and `sines` [columns, headWidth / 2]; and the memory of every layer.
 * It gives `logits` [rows, 1, vocabulary], and the memory with the new tokens. Where a row has several new tokens, they
 * are all that it has.
 */
export function decoderGraph(config: DecoderConfig): BuiltGraph {
  const graph = graphBuilder()
  const half = config.headWidth / 2
  const own: Writing = {
    config,
    graph,
    shapes: weightShapes(config),
    rotary: [
      graph.input('positions', 'int64', ['rows', 'time']),
      graph.input('cosines', 'float32', ['columns', half]),
      graph.input('sines', 'float32', ['columns', half]),
    ],
    lengths: [graph.input('ends', 'int32', ['rows']), graph.input('longest', 'int32', [1])],
  }
  const tokens = graph.input('tokens', 'int32', ['rows', 'time'])
  const last = graph.input('last', 'int32', [1])
  const embedding = graph.input(EMBEDDING, 'float32', own.shapes.get('model.embed_tokens.weight')!)

  let sum = graph.node('Gather', [embedding, tokens])
  let normal = norm(own, sum, 'model.layers.0.input_layernorm')
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`
    ;[sum, normal] = addNorm(own, [sum, attend(own, normal, layer)], `${name}.post_attention_layernorm`)
    const next = layer + 1 < config.layers ? `model.layers.${layer + 1}.input_layernorm` : 'model.norm'
    ;[sum, normal] = addNorm(own, [sum, feedForward(own, normal, `${name}.mlp`)], next)
  }
  const wanted = graph.node('Gather', [normal, last], { attributes: { axis: { int: 1 } } })
  const head = config.tied ? 'model.embed_tokens.weight' : 'lm_head.weight'
  product(own, wanted, { weight: head, results: ['logits'] })
  graph.output('logits', 'float32', ['rows', 1, config.vocabulary])
  return graph.build()
}

/** What its parts are written with. */
interface Writing {
  readonly config: DecoderConfig
  readonly graph: GraphBuilder
  readonly shapes: ReturnType<typeof weightShapes>
  /** Positions, cosines and sines. */
  readonly rotary: readonly string[]
  /** `ends` and `longest`. */
  readonly lengths: readonly string[]
}

function attend(own: Writing, x: string, layer: number): string {
  const { config, graph } = own
  const { keyValueHeads, headWidth } = config
  const name = `model.layers.${layer}.self_attn`
  const turned = (part: 'q' | 'k'): string => {
    const flat = project(own, x, `${name}.${part}_proj`)
    const normal = config.queryKeyNorm ? headsNorm(own, flat, `${name}.${part}_norm`) : flat
    return widen(own, graph.node('RotaryEmbedding', [normal, ...own.rotary], { domain: 'com.microsoft' }))
  }
  const [queries, keys] = [turned('q'), turned('k')]
  const values = widen(own, project(own, x, `${name}.v_proj`))
  const shape = ['rows', keyValueHeads, 'columns', memoryWidth(config)]
  const before = memoryNames(layer).map(part => graph.input(part, 'float32', shape))
  const after = before.map(part => graph.output(nextMemory(part), 'float32', shape))
  const found = graph.node('GroupQueryAttention', [queries, keys, values, ...before, ...own.lengths], {
    domain: 'com.microsoft',
    attributes: {
      num_heads: { int: config.heads },
      kv_num_heads: { int: keyValueHeads },
      scale: { float: 1 / Math.sqrt(headWidth) },
    },
    results: [`${name}.found`, ...after],
  })
  return project(own, narrow(own, found), `${name}.o_proj`)
}

/** SwiGLU. */
function feedForward(own: Writing, x: string, name: string): string {
  const gate = own.graph.node('QuickGelu', [project(own, x, `${name}.gate_proj`)], {
    domain: 'com.microsoft',
    attributes: { alpha: { float: 1 } },
  })
  const inner = own.graph.node('Mul', [gate, project(own, x, `${name}.up_proj`)])
  return project(own, inner, `${name}.down_proj`)
}

/** A linear layer; `name` is that of its weight without `.weight`. */
function project(own: Writing, x: string, name: string): string {
  const flat = product(own, x, { weight: `${name}.weight` })
  const bias = `${name}.bias`
  return own.shapes.has(bias) ? own.graph.node('Add', [flat, constant(own, bias)]) : flat
}

/** x·Wᵀ. */
function product(
  own: Writing,
  x: string,
  { weight, results }: { readonly weight: string; readonly results?: readonly string[] },
): string {
  return own.graph.node('FusedMatMul', [x, constant(own, weight)], {
    domain: 'com.microsoft',
    attributes: { alpha: { float: 1 }, transA: { int: 0 }, transB: { int: 1 } },
    ...(results && { results }),
  })
}

function norm(own: Writing, x: string, name: string): string {
  return own.graph.node('SimplifiedLayerNormalization', [x, constant(own, `${name}.weight`)], {
    attributes: { axis: { int: -1 }, epsilon: { float: own.config.normEpsilon } },
  })
}

/** The sum of two, and its norm. */
function addNorm(
  own: Writing,
  terms: readonly [x: string, change: string],
  name: string,
): readonly [sum: string, normal: string] {
  const [sum, normal] = [`${name}.sum`, `${name}.normal`]
  own.graph.node('SkipSimplifiedLayerNormalization', [...terms, constant(own, `${name}.weight`)], {
    domain: 'com.microsoft',
    attributes: { epsilon: { float: own.config.normEpsilon } },
    results: [normal, '', '', sum],
  })
  return [sum, normal]
}

/** The norm of each head by itself. */
function headsNorm(own: Writing, x: string, name: string): string {
  return joined(own, norm(own, heads(own, x, own.config.headWidth), name))
}

/** Every head with zeros behind it, where the memory has them. */
function widen(own: Writing, x: string): string {
  const { config, graph } = own
  const missing = memoryWidth(config) - config.headWidth
  if (missing === 0) return x
  const padding = graph.integers(0, 0, 0, 0, 0, 0, 0, missing)
  return joined(own, graph.node('Pad', [heads(own, x, config.headWidth), padding]))
}

/** Every head without the zeros behind it. */
function narrow(own: Writing, x: string): string {
  const { config, graph } = own
  if (memoryWidth(config) === config.headWidth) return x
  const [from, to, axis] = [0, config.headWidth, 3].map(value => graph.integers(value))
  return joined(own, graph.node('Slice', [heads(own, x, memoryWidth(config)), from!, to!, axis!]))
}

/** [rows, time, width] as [rows, time, heads, headWidth]. */
function heads({ graph }: Writing, x: string, headWidth: number): string {
  return graph.node('Reshape', [x, graph.integers(0, 0, -1, headWidth)])
}

function joined({ graph }: Writing, x: string): string {
  return graph.node('Reshape', [x, graph.integers(0, 0, -1)])
}

function constant({ graph, shapes }: Writing, name: string): string {
  return graph.constant(name, shapes.get(name)!)
}
