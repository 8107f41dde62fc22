import type { OnnxAttribute, OnnxGraph, OnnxInitializer, OnnxNode, OnnxValue } from './onnx-proto.ts'
import type { Shape } from './shape.ts'
import type { DType, Tensor } from './tensor.ts'

export interface EmitOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
  /** The domain of ONNX Runtime's own operators is `com.microsoft`. */
  readonly domain?: string
  /** How many results the node has, if more than one. */
  readonly outputs?: number
}

/** The ONNX graph while it grows: what operations lower themselves to. */
export interface Lowering {
  /** The name of a tensor's memory; a view is computed now if it was not asked for before. */
  value(tensor: Tensor): string
  /** Adds a node and returns the name of its first result; the others are `<name>:1` and on. */
  emit(type: string, inputs: readonly string[], options?: EmitOptions): string
  /** The name of a graph input. */
  input(name: string, shape: Shape, dtype: DType): string
  /** A constant, stored once. */
  table(values: readonly number[], shape: Shape, type: DType | 'int64'): string
}

export interface GrowingGraph extends Lowering {
  readonly graph: OnnxGraph
  /** Makes a tensor a result of the graph under a name. */
  result(name: string, tensor: Tensor): void
}

export function createLowering(): GrowingGraph {
  const nodes: OnnxNode[] = []
  const initializers = new Map<string, OnnxInitializer>()
  const inputs = new Map<string, OnnxValue>()
  const outputs: OnnxValue[] = []
  const names = new Map<Tensor, string>()
  /** Values that nodes compute, which inputs and constants are not. */
  const computed = new Set<string>()
  /** What a value is called as a result of the graph; a second name for it costs a copy. */
  const results = new Map<string, string>()
  const finalName = (name: string): string => results.get(name) ?? name

  const lowering: GrowingGraph = {
    graph: {
      get nodes() {
        return nodes.map(node => ({
          ...node,
          inputs: node.inputs.map(finalName),
          outputs: node.outputs.map(finalName),
        }))
      },
      outputs,
      get initializers() {
        return [...initializers.values()]
      },
      get inputs() {
        return [...inputs.values()]
      },
    },
    result(name, tensor) {
      const value = lowering.value(tensor)
      const isFree = computed.has(value) && !results.has(value)
      if (isFree) results.set(value, name)
      else nodes.push({ type: 'Identity', inputs: [value], outputs: [name], attributes: {} })
      outputs.push({ name, type: tensor.dtype, shape: tensor.shape })
    },
    value(tensor) {
      const known = names.get(tensor)
      if (known !== undefined) return known
      const name = tensor.operation.lower(tensor, lowering)
      names.set(tensor, name)
      return name
    },
    emit(type, inputNames, { attributes = {}, domain, outputs = 1 } = {}) {
      const name = `${type}.${nodes.length}`
      nodes.push({
        type,
        inputs: inputNames,
        outputs: Array.from({ length: outputs }, (_, index) => (index === 0 ? name : `${name}:${index}`)),
        attributes,
        ...(domain === undefined ? {} : { domain }),
      })
      computed.add(name)
      return name
    },
    input(name, shape, dtype) {
      const known = inputs.get(name)
      if (known !== undefined) throw new Error(`two inputs are named ${name}`)
      inputs.set(name, { name, type: dtype, shape })
      return name
    },
    table(values, shape, type) {
      const key = `${type}/${shape.join()}/${values.join()}`
      const known = initializers.get(key)
      if (known !== undefined) return known.name
      const name = `constant.${initializers.size}`
      initializers.set(key, { name, type, shape, values })
      return name
    },
  }
  return lowering
}
