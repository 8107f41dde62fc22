import { createLowering } from './lowering.ts'
import { encodeModel, type OnnxValue } from './onnx-proto.ts'
import { type Shape, sameShape, showShape } from './shape.ts'
import { simplify } from './simplify.ts'
import { type DType, type Tensor, topologicalOrder } from './tensor.ts'

/** An input or output of a program. */
export interface Port {
  readonly shape: Shape
  readonly dtype: DType
}

/** A compiled graph: plain data, which can be sent to a worker thread. */
export interface Program {
  /** The bytes of an ONNX model. */
  readonly model: Uint8Array
  readonly inputs: Readonly<Record<string, Port>>
  readonly outputs: Readonly<Record<string, Port>>
  /** What a run leaves in the state: the name of an input, and the new value in the shape of the old. */
  readonly updates: Readonly<Record<string, Port>>
}

/** In the ONNX graph an update is an output under this name. */
export function updateName(input: string): string {
  return `next ${input}`
}

/**
 * Lowers everything that the outputs and updates need to one ONNX graph with static shapes.
 * Throws where an update does not fit the input whose next value it is, or two inputs have one name.
 */
export function compile(graph: {
  readonly outputs: Readonly<Record<string, Tensor>>
  readonly updates?: Readonly<Record<string, Tensor>>
}): Program {
  const { outputs, updates = {} } = graph
  const names = [...Object.keys(outputs), ...Object.keys(updates).map(updateName)]
  const roots = simplify([...Object.values(outputs), ...Object.values(updates)])
  const lowering = createLowering()
  for (const tensor of topologicalOrder(roots)) if (!tensor.operation.isView) lowering.value(tensor)
  for (const [index, name] of names.entries()) lowering.result(name, roots[index]!)
  const inputs = Object.fromEntries(lowering.graph.inputs.map(value => [value.name, portOf(value)]))
  for (const [name, tensor] of Object.entries(updates)) {
    const input = inputs[name]
    if (input !== undefined && !sameShape(input.shape, tensor.shape))
      throw new RangeError(
        `update of ${name}: ${showShape(tensor.shape)} does not replace ${showShape(input.shape)}`,
      )
  }
  return {
    model: encodeModel(lowering.graph),
    inputs,
    outputs: portsOf(outputs),
    updates: portsOf(updates),
  }
}

function portsOf(tensors: Readonly<Record<string, Tensor>>): Readonly<Record<string, Port>> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  )
}

function portOf({ shape, type }: OnnxValue): Port {
  if (type === 'int64') throw new TypeError('inputs are float32, int32 or bool')
  return { shape, dtype: type }
}
