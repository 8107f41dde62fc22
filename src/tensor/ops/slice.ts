import { frontAxis, sameShape, type Shape, showShape } from '../shape.ts'
import { apply, madeBy, type Operation, type Tensor } from '../tensor.ts'

interface SliceAttributes {
  readonly axis: number
  readonly start: number
  readonly end: number
}

const sliceOperation: Operation<SliceAttributes> = {
  name: 'slice',
  isView: true,
  gradient: ({ inputs: [x], attributes: { axis, start, end } }, cotangent) => [
    pad(cotangent, axis, start, x!.shape[axis]! - end),
  ],
  simplify({ inputs: [x], attributes: { axis, start, end } }) {
    return start === 0 && end === x!.shape[axis] ? x : undefined
  },
  lower({ inputs: [x], attributes: { axis, start, end } }, lowering) {
    const bounds = [start, end, axis].map(number => lowering.table([number], [1], 'int64'))
    return lowering.emit('Slice', [lowering.value(x!), ...bounds])
  },
}

/** The elements from `start` up to `end` (without it) along an axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const front = frontAxis(axis, x.shape)
  const length = x.shape[front]!
  if (!(start >= 0 && start < end && end <= length))
    throw new RangeError(`slice: ${start} to ${end} of axis ${axis} of ${showShape(x.shape)}`)
  return apply(sliceOperation, [x], {
    attributes: { axis: front, start, end },
    shape: shapeWith(x.shape, front, end - start),
    dtype: x.dtype,
  })
}

/** Equal parts along an axis, in their order. */
export function split(x: Tensor, axis: number, parts: number): readonly Tensor[] {
  const length = x.shape[frontAxis(axis, x.shape)]! / parts
  return Array.from({ length: parts }, (_, part) => slice(x, axis, part * length, (part + 1) * length))
}

interface PadAttributes {
  readonly axis: number
  readonly before: number
  readonly after: number
}

const padOperation: Operation<PadAttributes> = {
  name: 'pad',
  isView: true,
  gradient: ({ inputs: [x], attributes: { axis, before } }, cotangent) => [
    slice(cotangent, axis, before, before + x!.shape[axis]!),
  ],
  simplify({ inputs: [x], attributes: { before, after } }) {
    return before === 0 && after === 0 ? x : undefined
  },
  /** All axes are given: ONNX Runtime's transpose optimiser takes a list of some for one of all. */
  lower({ inputs: [x], attributes: { axis, before, after } }, lowering) {
    const amounts = [before, after].flatMap(amount =>
      x!.shape.map((_, other) => (other === axis ? amount : 0)),
    )
    return lowering.emit('Pad', [lowering.value(x!), lowering.table(amounts, [amounts.length], 'int64')])
  },
}

/** Zeros before and after `x` along an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const front = frontAxis(axis, x.shape)
  return apply(padOperation, [x], {
    attributes: { axis: front, before, after },
    shape: shapeWith(x.shape, front, before + x.shape[front]! + after),
    dtype: x.dtype,
  })
}

/** The sum of two pads whose parts are neighbours is a pad of both together: undefined where they are not. */
export function joinedPads(a: Tensor, b: Tensor): Tensor | undefined {
  const [first, second] = [madeBy(padOperation, a), madeBy(padOperation, b)]
  if (first === undefined || second === undefined || !sameShape(a.shape, b.shape)) return undefined
  const { axis, before, after } = first.attributes
  const areNeighbours = second.attributes.axis === axis && second.attributes.before === a.shape[axis]! - after
  if (!areNeighbours) return undefined
  const parts = [first, second].flatMap(({ inputs: [part] }) =>
    madeBy(concatOperation, part!)?.attributes.axis === axis ? part!.inputs : [part!],
  )
  return pad(concat(parts, axis), axis, before, second.attributes.after)
}

const concatOperation: Operation<{ readonly axis: number }> = {
  name: 'concat',
  gradient({ inputs, attributes: { axis } }, cotangent) {
    let start = 0
    return inputs.map(input => {
      const end = start + input.shape[axis]!
      const part = slice(cotangent, axis, start, end)
      start = end
      return part
    })
  },
  lower: ({ inputs, attributes: { axis } }, lowering) =>
    lowering.emit(
      'Concat',
      inputs.map(input => lowering.value(input)),
      { attributes: { axis: { int: axis } } },
    ),
}

/** The parts one after another along an axis; their other axes agree. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts
  if (first === undefined) throw new RangeError('concat: no parts')
  const front = frontAxis(axis, first.shape)
  const length = parts.reduce((total, part) => total + part.shape[front]!, 0)
  const shape = shapeWith(first.shape, front, length)
  for (const part of parts)
    if (part.shape.some((other, axis) => axis !== front && other !== shape[axis]))
      throw new RangeError(`concat: ${showShape(part.shape)} beside ${showShape(first.shape)}`)
  return apply(concatOperation, parts, { attributes: { axis: front }, shape, dtype: first.dtype })
}

function shapeWith(shape: Shape, axis: number, length: number): Shape {
  return shape.map((other, index) => (index === axis ? length : other))
}
