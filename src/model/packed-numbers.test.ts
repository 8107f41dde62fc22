import { expect, test } from 'vitest'
import { packNumbers, unpackFloats, unpackIntegers } from './packed-numbers.ts'

test('numbers come back as they were', () => {
  const floats = Float32Array.of(0, -0.1, 3e38, 1e-45, Number.POSITIVE_INFINITY)
  expect(unpackFloats(packNumbers(floats))).toEqual(floats)
  const integers = Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1)
  expect(unpackIntegers(packNumbers(integers))).toEqual(integers)
  expect(unpackFloats(packNumbers(new Float32Array()))).toHaveLength(0)
})

test('a part of a buffer is packed alone', () => {
  expect(packNumbers(Uint32Array.of(7, 8, 9).subarray(1, 2))).toBe(packNumbers(Uint32Array.of(8)))
})

test('packs little-endian, as base64 says it', () => {
  // 1.0 is the bytes 00 00 80 3f (IEEE 754); in base64, AACAPw==.
  expect(packNumbers(Float32Array.of(1))).toBe('AACAPw==')
})
