import { encodeModel, type OnnxAttribute, type OnnxGraph, type OnnxNode } from '../tensor/onnx-proto.ts'
import type { Shape } from '../tensor/shape.ts'

type Value = OnnxGraph<number | string>['inputs'][number]

/** An ONNX graph written node by node, for large operators of ONNX Runtime that tensors are not made of. */
export interface GraphBuilder {
  /** Lengths that are names are told by every run. */
  input(name: string, type: Value['type'], shape: Value['shape']): string
  output(name: string, type: Value['type'], shape: Value['shape']): string
  /** Numbers that are given, by this name, when the graph is opened. */
  constant(name: string, shape: Shape): string
  /** A vector of 64-bit integers. */
  integers(...values: readonly number[]): string
  /** Adds a node and returns the name of its first result. */
  node(type: string, inputs: readonly string[], options?: NodeOptions): string
  /** The bytes of the graph, and the names of its constants. */
  build(): BuiltGraph
}

interface NodeOptions {
  /** ONNX's own operators unless told. */
  readonly domain?: 'com.microsoft'
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
  /** Names of the results; an empty one is left out. */
  readonly results?: readonly string[]
}

export interface BuiltGraph {
  readonly model: Uint8Array
  readonly constants: readonly string[]
}

export function graphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = []
  const inputs: Value[] = []
  const outputs: Value[] = []
  const constants = new Map<string, Shape>()
  const vectors = new Map<string, readonly number[]>()
  return {
    input(name, type, shape) {
      inputs.push({ name, type, shape })
      return name
    },
    output(name, type, shape) {
      outputs.push({ name, type, shape })
      return name
    },
    constant(name, shape) {
      constants.set(name, shape)
      return name
    },
    integers(...values) {
      const name = `integers ${values.join()}`
      vectors.set(name, values)
      return name
    },
    node(type, from, { domain, attributes = {}, results = [`${type}.${nodes.length}`] } = {}) {
      nodes.push({ type, inputs: from, outputs: results, attributes, ...(domain && { domain }) })
      return results[0]!
    },
    build() {
      const initializers = [
        ...Array.from(vectors, ([name, values]) => {
          return { name, type: 'int64' as const, shape: [values.length], values }
        }),
        ...Array.from(constants, ([name, shape]) => {
          return { name, type: 'float32' as const, shape, values: null }
        }),
      ]
      return {
        model: encodeModel({ nodes, initializers, inputs, outputs }),
        constants: [...constants.keys()],
      }
    },
  }
}
