/**
 * Writes the part of the ONNX format that graphs of ours need, as protocol buffers.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */

export type OnnxAttribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }

export interface OnnxNode {
  readonly type: string
  readonly domain?: string
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool'

/** Lengths that are names are told by every run; those of one name are equal. */
export interface OnnxValue<Length extends number | string = number> {
  readonly name: string
  readonly type: OnnxType
  readonly shape: readonly Length[]
}

/** A constant; `values` are numbers, and 0 or 1 for bool, or null where a file of its name holds them, row-major. */
export interface OnnxInitializer extends OnnxValue {
  readonly values: readonly number[] | null
}

export interface OnnxGraph<Length extends number | string = number> {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxInitializer[]
  readonly inputs: readonly OnnxValue<Length>[]
  readonly outputs: readonly OnnxValue<Length>[]
}

const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const

/** The bytes of a ModelProto: IR version 10, the standard operators of opset 21 and those of ONNX Runtime. */
export function encodeModel(graph: OnnxGraph<number | string>): Uint8Array {
  return concatenate([
    integer(1, 10),
    text(2, 'tilth'),
    message(7, graphFields(graph)),
    message(8, [text(1, ''), integer(2, 21)]),
    message(8, [text(1, 'com.microsoft'), integer(2, 1)]),
  ])
}

function graphFields({ nodes, initializers, inputs, outputs }: OnnxGraph<number | string>): Uint8Array[] {
  return [
    ...nodes.map(node => message(1, nodeFields(node))),
    text(2, 'graph'),
    ...initializers.map(initializer => message(5, initializerFields(initializer))),
    ...inputs.map(value => message(11, valueFields(value))),
    ...outputs.map(value => message(12, valueFields(value))),
  ]
}

function nodeFields({ type, domain, inputs, outputs, attributes }: OnnxNode): Uint8Array[] {
  return [
    ...inputs.map(name => text(1, name)),
    ...outputs.map(name => text(2, name)),
    text(4, type),
    ...Object.entries(attributes).map(([name, value]) => message(5, attributeFields(name, value))),
    ...(domain === undefined ? [] : [text(7, domain)]),
  ]
}

/** Types of AttributeProto: FLOAT 1, INT 2, STRING 3, INTS 7. */
function attributeFields(name: string, value: OnnxAttribute): Uint8Array[] {
  if ('float' in value) return [text(1, name), float(2, value.float), integer(20, 1)]
  if ('int' in value) return [text(1, name), integer(3, value.int), integer(20, 2)]
  if ('string' in value) return [text(1, name), text(4, value.string), integer(20, 3)]
  return [text(1, name), ...value.ints.map(entry => integer(8, entry)), integer(20, 7)]
}

function initializerFields({ name, type, shape, values }: OnnxInitializer): Uint8Array[] {
  return [
    ...shape.map(length => integer(1, length)),
    integer(2, elementTypes[type]),
    text(8, name),
    // StringStringEntryProto { key, value }, and DataLocation EXTERNAL 1.
    ...(values === null
      ? [message(13, [text(1, 'location'), text(2, name)]), integer(14, 1)]
      : [bytes(9, rawData(type, values))]),
  ]
}

function rawData(type: OnnxType, values: readonly number[]): Uint8Array {
  if (type === 'bool') return Uint8Array.from(values)
  const width = type === 'int64' ? 8 : 4
  const view = new DataView(new ArrayBuffer(values.length * width))
  for (const [index, value] of values.entries()) {
    if (type === 'float32') view.setFloat32(index * width, value, true)
    else if (type === 'int32') view.setInt32(index * width, value, true)
    else view.setBigInt64(index * width, BigInt(value), true)
  }
  return new Uint8Array(view.buffer)
}

/** ValueInfoProto { name, TypeProto { Tensor { elem_type, TensorShapeProto { Dimension { dim_value or dim_param } } } } }. */
function valueFields({ name, type, shape }: OnnxValue<number | string>): Uint8Array[] {
  const dimensions = shape.map(length =>
    message(1, [typeof length === 'string' ? text(2, length) : integer(1, length)]),
  )
  return [text(1, name), message(2, [message(1, [integer(1, elementTypes[type]), message(2, dimensions)])])]
}

function message(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytes(field, concatenate(fields))
}

const encoder = new TextEncoder()

function text(field: number, value: string): Uint8Array {
  return bytes(field, encoder.encode(value))
}

function bytes(field: number, content: Uint8Array): Uint8Array {
  return concatenate([variableInteger(field * 8 + 2), variableInteger(content.length), content])
}

function integer(field: number, value: number): Uint8Array {
  return concatenate([variableInteger(field * 8), variableInteger(value)])
}

function float(field: number, value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value, true)
  return concatenate([variableInteger(field * 8 + 5), new Uint8Array(view.buffer)])
}

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function variableInteger(value: number): Uint8Array {
  const encoded: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    encoded.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  encoded.push(Number(rest))
  return Uint8Array.from(encoded)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
