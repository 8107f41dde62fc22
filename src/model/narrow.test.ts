import { expect, test } from 'vitest'
import { narrowToHalf, widenHalf } from './half-floats.ts'
import { narrowTensor } from './narrow.ts'
import { quantisedTypes } from './quantised.ts'

function isNumber(half: number): boolean {
  return (half & 0x7c_00) !== 0x7c_00 || (half & 0x3_ff) === 0
}

test('every half float is narrowed to itself', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, index) => index)
  const back = narrowToHalf(widenHalf(bits))
  expect(bits.every((half, index) => !isNumber(half) || back[index] === half)).toBe(true)
})

test('other floats go to the nearest half, ties to the even one', () => {
  // numpy 2.4: np.array(floats, np.float32).astype(np.float16).view(np.uint16)
  const floats = [
    1.00048828125, 1.0009765625, 1.00146484375, -1.000732421875, 65519.0, 65519.996, 0.1, -0.3333333,
    6.1035e-5, 6.09756e-5, 2.98e-8, 2.9802322e-8, 2.99e-8, 8.9406967e-8, 1e-9, -0.0, 3.14159274, 2049.0,
    2051.0, -4097.5,
  ]
  expect([...narrowToHalf(Float32Array.from(floats))]).toEqual([
    15360, 15361, 15362, 48129, 31743, 31743, 11878, 46421, 1024, 1023, 0, 0, 1, 2, 0, 32768, 16968, 26624,
    26626, 60416,
  ])
})

test('Q8_0 is what the package gguf makes of the same numbers, and is read back within half a step and the rounding of its scale', () => {
  // gguf.quantize(numbers, GGMLQuantizationType.Q8_0) of gguf 0.19.0, numbers as below in float32.
  const numbers = Float32Array.from({ length: 64 }, (_, index) =>
    Math.fround(((index * 37) % 64) / 7 - (index < 32 ? 4 : 0)),
  )
  const bytes = narrowTensor('Q8_0', 'a', numbers)
  expect(Buffer.from(bytes).toString('hex')).toBe(
    '0a299a21bf45e36907a52cca50ee7412b036d45bf97f1dbb41df6604a228c64cea70772c420a561f6b337f48105c257139024e17622b774008541d68317d460e5a236f37',
  )
  const back = new Float32Array(64)
  quantisedTypes.get(8)!.dequantise(Uint8Array.from(bytes), back)
  const step = Math.max(...numbers.map(Math.abs)) / 127
  expect(Math.max(...numbers.map((value, index) => Math.abs(value - back[index]!)))).toBeLessThan(step * 0.57)
})

test('a block of zeros has a scale of zero', () => {
  expect(narrowTensor('Q8_0', 'a', new Float32Array(32))).toEqual(new Uint8Array(34))
})

test.each([
  ['F16', 65_520, '--dtype f32'],
  ['F16', Number.NaN, 'training went wrong'],
  ['F32', Infinity, 'training went wrong'],
  ['Q8_0', 65_520 * 127, '--dtype f32'],
] as const)('%s refuses %d', (form, value, advice) => {
  const values = Float32Array.from({ length: 32 }, () => value)
  expect(() => narrowTensor(form, 'model.norm.weight', values)).toThrow('model.norm.weight holds')
  expect(() => narrowTensor(form, 'model.norm.weight', values)).toThrow(
    expect.objectContaining({ next: expect.stringContaining(advice) as unknown }) as Error,
  )
})

test('the largest number that a half holds is written', () => {
  expect([...narrowTensor('F16', 'a', Float32Array.of(65_519.99))]).toEqual([0xff, 0x7b])
})
