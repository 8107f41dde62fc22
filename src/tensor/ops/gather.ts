import { add, mul } from './arithmetic.ts'
import { range, scalar, scalarValue } from './leaf.ts'
import { broadcast, broadcastOperation, reshape } from './layout.ts'
import { sameShape, showShape, sizeOf } from '../shape.ts'
import { apply, madeBy, type Operation, type Tensor } from '../tensor.ts'

const gatherOperation: Operation<null> = {
  name: 'gather',
  gradient: ({ inputs: [table, indices] }, cotangent) => [
    scatterAdd(broadcast(scalar(0), table!.shape), indices!, cotangent),
    undefined,
  ],
  lower: ({ inputs: [table, indices] }, lowering) =>
    lowering.emit('Gather', [lowering.value(table!), lowering.value(indices!)]),
}

/** The rows of `table` [rows, ...] at `indices` (int32): shape [...indices, ...]. An embedding. */
export function gather(table: Tensor, indices: Tensor): Tensor {
  return apply(gatherOperation, [table, indices], {
    attributes: null,
    shape: [...indices.shape, ...table.shape.slice(1)],
    dtype: table.dtype,
  })
}

const scatterAddOperation: Operation<null> = {
  name: 'scatterAdd',
  gradient: ({ inputs: [, indices] }, cotangent) => [cotangent, undefined, gather(cotangent, indices!)],
  /**
   * ScatterElements, never ScatterND: with reduction "add" the latter shares out duplicate indices between threads
   * that overwrite each other (https://github.com/microsoft/onnxruntime/issues/23396). Over one axis, with an index
   * for each number: the kernel takes 2.5 times as long over several.
   */
  lower({ inputs: [table, indices, rows], shape }, lowering) {
    const width = sizeOf(shape.slice(1))
    const places = add(mul(reshape(indices!, [-1, 1]), width), range(width))
    const flat = [table!, places, rows!].map(part => lowering.value(reshape(part, [-1])))
    const scattered = lowering.emit('ScatterElements', flat, {
      attributes: { axis: { int: 0 }, reduction: { string: 'add' } },
    })
    return lowering.emit('Reshape', [scattered, lowering.table(shape, [shape.length], 'int64')])
  },
}

/** `table` [rows, ...] with each of `rows` [...indices, ...] added at its index; equal indices add up. */
export function scatterAdd(table: Tensor, indices: Tensor, rows: Tensor): Tensor {
  if (rows.shape.join() !== [...indices.shape, ...table.shape.slice(1)].join())
    throw new RangeError(
      `scatterAdd: ${showShape(rows.shape)} at ${showShape(indices.shape)} of ${showShape(table.shape)}`,
    )
  return apply(scatterAddOperation, [table, indices, rows], { attributes: null, shape: table.shape })
}

/** `x + scatterAdd(0, …)` is `scatterAdd(x, …)`: undefined where `scattered` is something else. */
export function scatteredOnto(x: Tensor, scattered: Tensor): Tensor | undefined {
  const [table, indices, rows] = madeBy(scatterAddOperation, scattered)?.inputs ?? []
  const stretched = table && madeBy(broadcastOperation, table)?.inputs[0]
  return stretched && scalarValue(stretched) === 0 && sameShape(x.shape, scattered.shape)
    ? scatterAdd(x, indices!, rows!)
    : undefined
}
