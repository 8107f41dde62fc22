import { expect, test } from 'vitest'
import { createLowering } from '../../src/tensor/lowering.ts'
import { gradient } from '../../src/tensor/gradient.ts'
import { add, mul, neg } from '../../src/tensor/ops/arithmetic.ts'
import { silu } from '../../src/tensor/ops/activation.ts'
import { gather } from '../../src/tensor/ops/gather.ts'
import { broadcast, reshape, transpose } from '../../src/tensor/ops/layout.ts'
import { constant, input } from '../../src/tensor/ops/leaf.ts'
import { linear, matmul } from '../../src/tensor/ops/matmul.ts'
import { sum } from '../../src/tensor/ops/reduce.ts'
import { split } from '../../src/tensor/ops/slice.ts'
import { exp } from '../../src/tensor/ops/unary.ts'
import { simplify } from '../../src/tensor/simplify.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'

/** The kernels that compute these tensors. */
function kernels(...roots: readonly Tensor[]): readonly string[] {
  const lowering = createLowering()
  for (const root of simplify(roots)) lowering.value(root)
  return lowering.graph.nodes.map(({ type }) => type).filter(type => type !== 'Reshape')
}

const [x, y] = [input('x', [4, 3]), input('y', [4, 3])]

test('what is computed twice is computed once, and what nothing needs is not computed', () => {
  exp(add(x, 1))
  expect(kernels(mul(exp(x), exp(input('x', [4, 3]))))).toEqual(['Exp', 'Mul'])
})

test('transpositions and factors become part of a product', () => {
  expect(kernels(matmul(transpose(mul(x, 2)), neg(mul(y, 3))))).toEqual(['FusedMatMul'])
  expect(kernels(transpose(linear(x, y)))).toEqual(['FusedMatMul'])
  expect(kernels(mul(linear(x, y), 2))).toEqual(['FusedMatMul'])
})

test('the gradient of parts of a tensor is put together once, in the place of a sum of pads', () => {
  const whole = input('z', [4, 6])
  const parts = split(whole, -1, 3)
  const loss = sum(mul(exp(parts[0]!), mul(exp(parts[1]!), exp(parts[2]!))))
  const found = kernels(...gradient(loss, [whole]))
  expect(found.filter(type => type === 'Concat')).toEqual(['Concat'])
  expect(found).not.toContain('Pad')
})

test('views of views and stretched operands cost nothing', () => {
  const wide = broadcast(reshape(reshape(x, [12]), [4, 3]), [2, 4, 3])
  expect(kernels(add(wide, broadcast(constant([1, 2, 3], [3]), [2, 4, 3])))).toEqual(['Add', 'Expand'])
  expect(kernels(mul(x, broadcast(constant([1, 2, 3], [3]), [4, 3])))).toEqual(['Mul'])
  expect(kernels(transpose(transpose(x)))).toEqual([])
})

test('the gradient of an embedding used twice is scattered onto one table', () => {
  const table = input('table', [5, 3])
  const [places, others] = [input('places', [4], 'int32'), input('others', [2], 'int32')]
  const loss = add(sum(mul(gather(table, places), x)), sum(exp(gather(table, others))))
  const used = kernels(...gradient(loss, [table]))
  expect(used.filter(type => type === 'ScatterElements')).toHaveLength(2)
  expect(used.filter(type => type === 'Expand')).toHaveLength(1)
  expect(used).not.toContain('ScatterND')
})

test('activations with a kernel of their own are one kernel', () => {
  expect(kernels(silu(x))).toEqual(['QuickGelu'])
})
